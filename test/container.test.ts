// The container without a container engine: what the Dockerfile copies is enough to build, and what it starts serves, is
// healthy, and writes nowhere but where it says.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { cleanEnv, ROOT } from './support/built.ts';
import { ask, modernCall } from './support/raw-http.ts';

const run = promisify(execFile);
const TOKEN = 'correct-horse-battery-staple';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pachca-audit-container-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const read = (name: string) => readFile(join(ROOT, name), 'utf8');

/** The instructions of the Dockerfile, in their order. */
async function instructions(): Promise<readonly (readonly [name: string, rest: string])[]> {
  const lines = (await read('Dockerfile')).split('\n').filter((line) => /^[A-Z]/u.test(line));
  return lines.map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const);
}

/** The words behind the last instruction `name`, written as a JSON list. */
async function listOf(name: string): Promise<string[]> {
  const rest = (await instructions()).findLast(([one]) => one === name)?.[1] ?? '';
  return z.array(z.string()).parse(JSON.parse(rest.slice(rest.indexOf('["'))));
}

/** What the image starts, with `data` in place of its volume. */
async function started(data: string, env: Record<string, string>, extra: readonly string[] = []) {
  const [, ...entry] = await listOf('ENTRYPOINT');
  const args = [...entry.map((word) => word.replace('/app', ROOT)), ...(await listOf('CMD')), ...extra];
  const set =
    (await instructions()).find(([name, rest]) => name === 'ENV' && rest.includes('XDG_DATA_HOME'))?.[1] ?? '';
  const own = set.split(' ').map((pair) => pair.replace('/data', data).split('='));
  const child = spawn(process.execPath, args, {
    env: cleanEnv({ ...Object.fromEntries(own), HOME: '/nowhere', ...env }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  const listening = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('http_listening')) resolve();
    });
  });
  const ended = once(child, 'close').then(([code]) => Number(code ?? -1));
  return { child, ended, listening: Promise.race([listening, ended]), stderr: () => stderr };
}

describe('the Dockerfile', () => {
  test('runs as an ordinary user, and checks its health', async () => {
    const lines = await instructions();
    const final = lines.slice(lines.findLastIndex(([name]) => name === 'FROM'));
    expect(final.find(([name]) => name === 'USER')?.[1]).toBe('node');
    expect(final.map(([name]) => name)).toEqual(expect.arrayContaining(['HEALTHCHECK', 'VOLUME', 'EXPOSE']));
    expect(JSON.stringify(lines)).not.toMatch(/TOKEN=|--build-arg/u);
  });

  test('builds from what it copies and what .dockerignore lets through', async () => {
    const copies = (await instructions()).filter(([name, rest]) => name === 'COPY' && !rest.startsWith('--from'));
    const files = copies.flatMap(([, rest]) => rest.split(' ').slice(0, -1));
    const allowed = (await read('.dockerignore')).split('\n').filter((line) => line.startsWith('!'));
    expect(allowed.map((line) => line.slice(1)).toSorted()).toEqual(files.toSorted());
    for (const file of files) await cp(join(ROOT, file), join(folder, file), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await run('npm', ['run', '--silent', 'build'], { cwd: folder, env: cleanEnv() });
    const { stdout } = await run(process.execPath, [join(folder, 'dist/main.js'), '--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  });

  test('starts what serves with a token, is healthy, keeps everything in its volume, and ends with 0', async () => {
    const data = join(folder, 'data');
    await mkdir(data);
    const { child, ended, listening } = await started(data, { PACHCA_AUDIT_HTTP_TOKEN: TOKEN }, [
      '--demo',
      '--port',
      '3334',
    ]);
    await listening;
    const health = (await listOf('HEALTHCHECK')).map((word) => word.replace('3333', '3334'));
    expect(health[0]).toBe('node');
    await run(process.execPath, health.slice(1));
    const url = 'http://127.0.0.1:3334/mcp';
    const { headers, body } = modernCall('tools/call', { name: 'check_access', arguments: {} });
    const answer = await ask(url, { headers: { ...headers, authorization: `Bearer ${TOKEN}` }, body });
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('"can_read_audit_log":true')]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await readdir(data)).toEqual(['pachca-audit-mcp']);
    await expect(run(process.execPath, health.slice(1))).rejects.toMatchObject({ code: 1 });
  });

  test('refuses to start without a token', async () => {
    const { ended, stderr } = await started(folder, {});
    expect(await ended).toBe(2);
    expect(stderr()).toContain('PACHCA_AUDIT_HTTP_TOKEN');
  });
});

test('compose.yaml locks the container down, publishes on loopback, and holds no secret', async () => {
  const text = await read('compose.yaml');
  for (const line of [
    'read_only: true',
    'cap_drop: [ALL]',
    "security_opt: ['no-new-privileges:true']",
    "ports: ['127.0.0.1:3333:3333']",
    'PACHCA_TOKEN_FILE: /run/pachca-audit/pachca-token',
    'PACHCA_AUDIT_HTTP_TOKEN_FILE: /run/pachca-audit/http-tokens',
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toMatch(/PACHCA_TOKEN:|HTTP_TOKEN:|privileged|network_mode/u);
});

// The built program over HTTP, as an administrator starts it: settings, doors, every client, the journal, the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { startSimulator } from '../../src/simulator/server.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { journalLineSchema } from '../../src/journal/line.ts';
import { servedTools } from '../../tools/index.ts';
import { BUILT, cleanEnv, runBuilt } from '../support/built.ts';
import { startLocalServer } from '../support/local-server.ts';
import { CLIENT_MODES, connectHttpClient } from '../support/mcp-clients.ts';
import { ask, modernCall } from '../support/raw-http.ts';

const TOKEN = 'correct-horse-battery-staple';
const HOUR_MS = 3_600_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pachca-audit-serve-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const entrySchema = z.looseObject({ message: z.string(), url: z.string().optional() });

/** Starts `serve --http` on any free port, with a data folder of its own; resolves once it listens. */
async function serve(args: readonly string[], env: Record<string, string> = {}) {
  const all = [BUILT, 'serve', '--http', '--port', '0', ...args];
  const child = spawn(process.execPath, all, { env: cleanEnv({ XDG_DATA_HOME: folder, ...env }) });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(([code]) => Number(code ?? -1));
  const lines: string[] = [];
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const parts = `${rest}${text}`.split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      const entries = parts.map((line) => entrySchema.parse(JSON.parse(line)));
      const listening = entries.find(({ message }) => message === 'http_listening');
      if (listening?.url !== undefined) resolve(listening.url);
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${rest}`)));
  });
  return { url, lines, ended, stdout: () => stdout, kill: (signal: NodeJS.Signals) => void child.kill(signal) };
}

/** The lines of the journal that the programs of this test wrote. */
async function journal() {
  const dir = join(folder, 'pachca-audit-mcp', 'journal');
  const [name = ''] = await readdir(dir);
  const lines = (await readFile(join(dir, name), 'utf8')).trim().split('\n');
  return { dir, lines: lines.map((line) => journalLineSchema.parse(JSON.parse(line))) };
}

const withToken = { ...modernCall('tools/list').headers, authorization: `Bearer ${TOKEN}` };

// A demonstration builds its company first: seconds of work, and many of them where other work goes on beside.
describe('serve --http', () => {
  test('serves every client mode, writes who asked into stderr and the journal, and ends with 0 on SIGTERM', async () => {
    const env = { PACHCA_AUDIT_HTTP_TOKEN: `alice ${TOKEN}`, PACHCA_TOKEN: 'never-used-in-a-demonstration' };
    const server = await serve(['--demo'], env);
    for (const mode of CLIENT_MODES) {
      const client = await connectHttpClient(mode, server.url, TOKEN);
      const tools = await client.listTools();
      // The built program lists what was written down when it was built: it must be what the tools say.
      expect(tools).toMatchObject(
        servedTools({}).map((tool) => ({
          name: tool.name,
          title: tool.title,
          description: tool.description,
          annotations: tool.hints,
          inputSchema: tool.inputSchema(),
          outputSchema: tool.outputSchema(),
        })),
      );
      const listed = await client.call('list_audit_events', { limit: 3 });
      expect(listed.structuredContent).toMatchObject({ rows: expect.any(Array), coverage: { complete: false } });
      await client.close();
    }
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const { lines, dir } = await journal();
    expect(lines).toHaveLength(CLIENT_MODES.length);
    for (const line of lines) {
      expect(line).toMatchObject({
        transport: 'http',
        user: 'alice',
        tool: 'list_audit_events',
        source: 'demo',
        events_returned: 3,
        outcome: 'partial',
      });
    }
    expect(server.lines.filter((line) => line.includes('"tool_call"'))).toHaveLength(CLIENT_MODES.length);
    expect(server.stdout()).toBe('');
    expect(server.lines.join('\n')).not.toContain(TOKEN);
    const verified = await runBuilt(['verify', dir], { env: { XDG_DATA_HOME: folder } });
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    expect(verified.stdout).toContain(`The journal is whole: ${CLIENT_MODES.length} lines`);
  });

  test('a token in a file is rotated without a restart', async () => {
    const path = join(folder, 'http-tokens');
    await writeFile(path, `alice ${TOKEN}\n`, { mode: 0o600 });
    const { url } = await serve(['--demo', '--tools', 'check_access'], { PACHCA_AUDIT_HTTP_TOKEN_FILE: path });
    const call = modernCall('tools/list');
    const statusWith = async (token: string) =>
      (await ask(url, { ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } })).status;
    expect(await statusWith(TOKEN)).toBe(200);
    const next = TOKEN.toUpperCase();
    await writeFile(path, `bob ${next}\n`);
    // The file is looked at once a second.
    await expect.poll(() => statusWith(next), { timeout: 5000 }).toBe(200);
    expect(await statusWith(TOKEN)).toBe(401);
  });

  test('the token of Pachca opens nothing, though somebody writes it into the file of a running server', async () => {
    const path = join(folder, 'http-tokens');
    await writeFile(path, `alice ${TOKEN}\n`, { mode: 0o600 });
    const simulator = await startSimulator({ events: [], rateLimit: null });
    onTestFinished(() => simulator.close());
    const env = { PACHCA_API_URL: simulator.url, PACHCA_TOKEN: simulator.token, PACHCA_AUDIT_HTTP_TOKEN_FILE: path };
    const { url } = await serve([], env);
    const call = modernCall('tools/list');
    const statusWith = async (token: string) =>
      (await ask(url, { ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } })).status;
    await writeFile(path, `alice ${TOKEN}\nowner ${simulator.token}\n`);
    await expect.poll(() => statusWith(TOKEN), { timeout: 5000 }).toBe(503);
    expect(await statusWith(simulator.token)).toBe(503);
    await writeFile(path, `alice ${TOKEN}\n`);
    await expect.poll(() => statusWith(TOKEN), { timeout: 5000 }).toBe(200);
    expect(await statusWith(simulator.token)).toBe(401);
  });

  test.each<[NodeJS.Signals, NodeJS.Signals]>([
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ])('during a call ends in good order on %s, and at once when %s follows', async (first, second) => {
    const deaf = await startLocalServer(() => undefined);
    const server = await serve([], { PACHCA_API_URL: deaf.url, PACHCA_TOKEN: 'some-token-of-an-owner' });
    const answer = ask(server.url, modernCall('tools/call', { name: 'check_access' })).catch(() => undefined);
    await expect.poll(() => deaf.requests.length, { timeout: 20_000 }).toBeGreaterThan(0);
    server.kill(first);
    await expect.poll(() => server.lines.join('\n'), { timeout: 5000 }).toContain('http_stopping');
    server.kill(second);
    expect(await server.ended).toBe(130);
    expect(server.lines.join('\n')).not.toContain('http_stopped');
    await answer;
  });

  test('takes further names and origins', async () => {
    const env = { PACHCA_AUDIT_HTTP_TOKEN: TOKEN };
    const names = ['--allowed-hosts', 'audit.example', '--allowed-origins', 'https://tool.example'];
    const { url } = await serve(['--demo', '--host', '0.0.0.0', ...names], env);
    const local = url.replace('0.0.0.0', '127.0.0.1');
    const { body } = modernCall('tools/list');
    const status = async (headers: Record<string, string>) =>
      (await ask(local, { headers: { ...withToken, ...headers }, body })).status;
    expect(await status({ host: 'audit.example' })).toBe(200);
    expect(await status({ host: 'other.example' })).toBe(403);
    expect(await status({ origin: 'https://tool.example' })).toBe(200);
    expect(await status({ origin: 'https://other.example' })).toBe(403);
  });

  test('is ready while the token works, and says so no longer than ten seconds after', async () => {
    const now = Date.now();
    const events = [...plainEvents({ count: 10, startMs: now - HOUR_MS, endMs: now })];
    const simulator = await startSimulator({ events, rateLimit: null });
    onTestFinished(() => simulator.close());
    const env = { PACHCA_API_URL: simulator.url };
    const good = await serve([], { ...env, PACHCA_TOKEN: simulator.token });
    expect(await ask(good.url, { method: 'GET', path: '/readyz' })).toMatchObject({ status: 200 });
    const wrong = await serve([], { ...env, PACHCA_TOKEN: 'wrong-token-for-a-test' });
    const answer = await ask(wrong.url, { method: 'GET', path: '/readyz' });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { status: 'not_ready', code: 'invalid_token' }]);
    expect((await ask(wrong.url, { method: 'GET', path: '/healthz' })).status).toBe(200);
    const without = await serve([], env);
    expect(JSON.parse((await ask(without.url, { method: 'GET', path: '/readyz' })).body)).toEqual({
      status: 'not_ready',
      code: 'not_configured',
    });
  });
});

test('commands are in the journal too, and say nothing of it on a terminal', async () => {
  const env = { XDG_DATA_HOME: folder };
  expect(await runBuilt(['check', '--demo'], { env })).toMatchObject({ code: 0, stderr: '' });
  const { lines } = await journal();
  expect(lines).toMatchObject([{ transport: 'cli', tool: 'check_access', source: 'demo', outcome: 'ok' }]);
});

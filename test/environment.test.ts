// Checks what the program makes of an odd environment: no home, folders that cannot be written, a token in a pipe.
import { execFileSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { settleHome } from '../src/config/machine.ts';
import { startSimulator } from '../src/simulator/server.ts';
import { runBuilt } from './support/built.ts';
import { bundleProgram } from './support/child-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

async function owner() {
  const simulator = await startSimulator({ events: [], rateLimit: null });
  onTestFinished(() => simulator.close());
  return { PACHCA_API_URL: simulator.url, PACHCA_TOKEN: simulator.token };
}

describe('folders', () => {
  test('an empty HOME and a relative XDG folder put nothing into the current folder', async () => {
    const cwd = await temporaryFolder();
    const env = { ...(await owner()), HOME: '', XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: 'config' };
    const { code } = await runBuilt(['check', '--no-store'], { env, cwd });
    expect(code).toBe(0);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('a relative XDG folder counts as none, and HOME stays where it is somewhere', () => {
    const env = { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: '/somewhere' };
    settleHome(env);
    expect(env).toEqual({ XDG_CONFIG_HOME: '/somewhere' });
    expect(homedir()).toMatch(/^\//u);
  });

  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  test.runIf(isRoot)(
    'a user without HOME and without an entry has the root (where this test may become one)',
    async () => {
      const folder = await temporaryFolder();
      const entry = join(folder, 'homeless.ts');
      const from = JSON.stringify(join(import.meta.dirname, '../src/config/machine.ts'));
      const become = 'process.setuid?.(54321); delete process.env.HOME; settleHome(); console.log(homedir());';
      await writeFile(entry, `import { homedir } from 'node:os'; import { settleHome } from ${from}; ${become}`);
      const program = await bundleProgram(entry, folder);
      expect(execFileSync(process.execPath, [program], { encoding: 'utf8' })).toBe('/\n');
    },
  );

  test('a data folder that cannot be written is a problem that the check names', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const env = { ...(await owner()), XDG_DATA_HOME: file };
    const { code, stdout } = await runBuilt(['check', '--no-store'], { env });
    expect(code).toBe(2);
    expect(stdout).toContain(`The data folder, ${join(file, 'pachca-audit-mcp')}, cannot be written`);
  });
});

test('an export is what was exported in every time zone, also where events have times without one', async () => {
  const folder = await temporaryFolder();
  const event = (hour: number) =>
    JSON.stringify({
      id: String(hour),
      created_at: `2026-11-20T${hour}:30:00.000`,
      event_key: 'user_login',
      details: {},
    });
  await writeFile(join(folder, 'in.ndjson'), `${[20, 21, 22].map(event).join('\n')}\n`);
  const from = ['--from', join(folder, 'in.ndjson'), '--export-dir', folder, '--out', 'out.ndjson'];
  const made = await runBuilt(['export', ...from], { env: { TZ: 'UTC' } });
  expect(made.code).toBe(0);
  const manifest = join(folder, 'out.ndjson.manifest.json');
  expect((await runBuilt(['verify', manifest], { env: { TZ: 'America/New_York' } })).stdout).not.toContain('NOT');
  expect((await runBuilt(['verify', manifest], { env: { TZ: 'America/New_York' } })).code).toBe(0);
});

describe.skipIf(process.platform === 'win32')('a token in a pipe', () => {
  test('is read once it comes', async () => {
    const { PACHCA_TOKEN: token, ...env } = await owner();
    const path = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', ['-m', '600', path]);
    const checked = runBuilt(['check', '--no-store'], { env: { ...env, PACHCA_TOKEN_FILE: path } });
    await writeFile(path, `${token}\n`);
    expect(await checked).toMatchObject({ code: 0 });
  });

  test('into which nobody writes is given up', async () => {
    const path = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', ['-m', '600', path]);
    const { code, stderr } = await runBuilt(['check'], { env: { PACHCA_TOKEN_FILE: path } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('is empty')]);
  });

  test('is no file of HTTP tokens', async () => {
    const path = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', ['-m', '600', path]);
    const { code, stderr } = await runBuilt(['serve', '--http'], { env: { PACHCA_AUDIT_HTTP_TOKEN_FILE: path } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not a file')]);
  });
});

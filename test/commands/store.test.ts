// Tests store fill, status and purge as an administrator calls them.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { runBuilt, type RunOptions } from '../support/built.ts';

const DAY_MS = 86_400_000;
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const dayBefore = (days: number): string => new Date(TODAY_MS - days * DAY_MS).toISOString().slice(0, 10);
let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  const startMs = TODAY_MS - 6 * DAY_MS;
  const events = [...plainEvents({ count: 4800, startMs, endMs: TODAY_MS - 2 * DAY_MS })];
  simulator = await startSimulator({ events, rateLimit: null, logsOwnReads: false });
  folder = await mkdtemp(join(tmpdir(), 'pachca-audit-store-'));
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs against the simulator of this file, with a data folder named `data`. */
function run(data: string, args: readonly string[], options: RunOptions = {}) {
  return runBuilt(args, {
    ...options,
    env: {
      PACHCA_API_URL: simulator.url,
      PACHCA_TOKEN: simulator.token,
      PACHCA_AUDIT_EXPORT_DIR: join(folder, `${data}-exports`),
      PACHCA_AUDIT_RATE: '1000',
      PACHCA_AUDIT_TIME_ZONE: 'UTC',
      XDG_DATA_HOME: join(folder, data),
      ...options.env,
    },
  });
}

const logReads = (): number => simulator.requests.okByPath['/audit_events'] ?? 0;
const exportedSchema = z.object({
  file: z.object({ path: z.string(), events: z.number() }),
  manifest_path: z.string(),
});

describe('store fill', () => {
  test('reads closed days once; what follows asks the log for nothing', async () => {
    const filled = await run('fill', ['store', 'fill', '--start', dayBefore(5), '--end', dayBefore(0)]);
    expect([filled.code, filled.stderr]).toEqual([0, '']);
    expect(filled.stdout).toContain('Days read and kept: 4. Events: 3600');
    expect(filled.stdout).toContain('Names of people kept: 2');
    expect(filled.stdout).toContain(`Not over for long enough: ${dayBefore(1)}…${dayBefore(0)}`);
    const before = logReads();

    const again = await run('fill', ['store', 'fill', '--start', dayBefore(5), '--end', dayBefore(2), '--json']);
    const nothingRead = { complete: true, filled: [], events: 0, requests: 0, names_kept: 2 };
    expect(JSON.parse(again.stdout)).toMatchObject(nothingRead);
    const exportArgs = ['export', '--start', dayBefore(5), '--end', dayBefore(2), '--out'];
    const exported = await run('fill', [...exportArgs, 'stored.ndjson']);
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    expect(logReads()).toBe(before);

    const plain = await run('fill', [...exportArgs, 'plain.ndjson', '--no-store']);
    expect(logReads()).toBeGreaterThan(before);
    const [ofStore, ofApi] = [exported, plain].map(({ stdout }) => exportedSchema.parse(JSON.parse(stdout)));
    expect(ofStore?.file.events).toBe(3600);
    expect((await readFile(ofStore?.file.path ?? '')).equals(await readFile(ofApi?.file.path ?? ''))).toBe(true);
    // Six starts of the program, on a machine that may be busy.
  }, 90_000);

  test('is interrupted with 130, and goes on', async () => {
    let interrupt = (): void => undefined;
    const seen = { requests: 0 };
    const slow = await startSimulator({
      events: simulator.events(),
      rateLimit: null,
      logsOwnReads: false,
      latencyMs: 20,
      onRequest: () => {
        seen.requests += 1;
        if (seen.requests === 95) interrupt();
      },
    });
    try {
      const env = { PACHCA_API_URL: slow.url };
      const args = ['store', 'fill', '--start', dayBefore(6), '--end', dayBefore(2)];
      const killed = await run('slow', args, {
        env,
        onStart: (kill) => {
          interrupt = () => kill('SIGINT');
        },
      });
      expect(killed.code).toBe(130);
      const resumed = await run('slow', [...args, '--json'], { env });
      expect(resumed.code).toBe(0);
      const answer = z.object({ events: z.number() }).parse(JSON.parse(resumed.stdout));
      expect(answer.events).toBeLessThan(4800);
      const status = await run('slow', ['store', 'status'], { env });
      expect(status.stdout).toContain(`Read whole, every key: ${dayBefore(6)}…${dayBefore(2)}`);
    } finally {
      await slow.close();
    }
  });

  test.each([
    ['without a token', { PACHCA_TOKEN: '' }, [], 2, 'PACHCA_TOKEN'],
    ['with a wrong token', { PACHCA_TOKEN: 'wrong-token-for-a-test' }, [], 3, 'invalid_token'],
    ['in the demo', {}, ['--demo'], 2, 'no local store'],
    ['with --no-store', {}, ['--no-store'], 2, 'no local store'],
    ['of a key that does not exist', {}, ['--event-keys', 'user_sign_in'], 2, '--event-keys'],
  ])('%s is refused', async (_what, env, args, exitCode, word) => {
    const { code, stdout, stderr } = await run('refused', ['store', 'fill', '--start', dayBefore(3), ...args], { env });
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toContain(word === 'invalid_token' ? 'token' : word);
  });
});

test('a token that may not read people keeps the days all the same', async () => {
  const args = ['store', 'fill', '--start', dayBefore(3), '--end', dayBefore(3)];
  const { code, stdout } = await run('nameless', args, { env: { PACHCA_TOKEN: 'demo-no-users' } });
  expect([code, stdout.includes('Names of people are not kept (missing_scope).')]).toEqual([0, true]);
});

describe('store status and purge', () => {
  test('say what is there without asking anybody, and delete it', async () => {
    const env = { PACHCA_API_URL: 'https://127.0.0.1:1', PACHCA_TOKEN: '' };
    const nothing = await run('kept', ['store', 'status'], { env });
    expect([nothing.code, nothing.stdout.includes('It is empty.')]).toEqual([0, true]);
    await run('kept', ['store', 'fill', '--start', dayBefore(5), '--end', dayBefore(3), '--event-keys', 'user_login']);

    const kept = await run('kept', ['store', 'status', '--json'], { env });
    const [log] = z
      .object({ logs: z.array(z.looseObject({ keys: z.array(z.looseObject({})) })) })
      .parse(JSON.parse(kept.stdout)).logs;
    expect(log).toMatchObject({ api_url: simulator.url, owner_id: String(simulator.ownerId), covered_days: 3 });
    expect(log?.keys).toMatchObject([{ event_key: 'user_login', days: 3, oldest: dayBefore(5), newest: dayBefore(3) }]);

    const purged = await run('kept', ['store', 'purge', '--before', dayBefore(3)], { env });
    expect(purged.stdout).toContain('Deleted: 2 segments');
    await run('kept', ['store', 'purge'], { env });
    expect((await run('kept', ['store', 'status'], { env })).stdout).toContain('It is empty.');
    expect(await readdir(join(folder, 'kept', 'pachca-audit-mcp', 'store'))).toEqual([]);
  });

  test('shows the days that are kept, and not the gap between them', async () => {
    for (const day of [dayBefore(9), dayBefore(4), dayBefore(3)]) {
      await run('gap', ['store', 'fill', '--start', day, '--end', day, '--event-keys', 'user_login']);
    }
    const { stdout } = await run('gap', ['store', 'status']);
    expect(stdout).toContain(`user_login  3 days (${dayBefore(9)}, ${dayBefore(4)}…${dayBefore(3)}), `);
  });

  test('a word that is no day deletes nothing', async () => {
    const { code, stderr } = await run('kept', ['store', 'purge', '--before', 'yesterday']);
    expect([code, stderr.includes('--before')]).toEqual([2, true]);
  });
});

test('a folder that cannot be used is said by every command, and ends no answer', async () => {
  const path = join(folder, 'a-file');
  await writeFile(path, '');
  const args = ['--store-dir', path];
  for (const command of [['status'], ['purge'], ['fill', '--start', dayBefore(3), '--end', dayBefore(3)]]) {
    const { code, stdout, stderr } = await run('unusable', ['store', ...command, ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${path}, cannot be used (ENOTDIR)`);
  }
  const checked = await run('unusable', ['check', ...args]);
  expect([checked.code, checked.stdout.includes(`${path}, cannot be used`)]).toEqual([2, true]);
  const window = ['--start', dayBefore(3), '--end', dayBefore(3)];
  const exported = await run('unusable', ['export', ...window, ...args]);
  expect(exported.code).toBe(0);
  expect(exportedSchema.parse(JSON.parse(exported.stdout)).file.events).toBe(1200);
});

test('folders and files are closed to others', async () => {
  await run('modes', ['store', 'fill', '--start', dayBefore(3), '--end', dayBefore(3)]);
  const root = join(folder, 'modes', 'pachca-audit-mcp', 'store');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  expect(entries.length).toBeGreaterThan(40);
  for (const entry of entries) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect((mode & 0o777).toString(8)).toBe(entry.isDirectory() ? '700' : '600');
  }
});

test('check says in words what the store holds, and --no-store leaves it out', async () => {
  await run('check', ['store', 'fill', '--start', dayBefore(3), '--end', dayBefore(3)]);
  expect((await run('check', ['check'])).stdout).toMatch(/Local store: 1 day, \d+\.\d MB/);
  expect((await run('check', ['check', '--no-store'])).stdout).not.toContain('Local store');
});

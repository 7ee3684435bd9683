// Tests the commands of a person at a terminal, over a simulator: words, exit codes, both languages.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { runBuilt, type RunOptions } from '../support/built.ts';
import { sendJson, startLocalServer } from '../support/local-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR_MS = 3_600_000;
let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  const now = Date.now();
  const events = [...plainEvents({ count: 4000, startMs: now - 20 * HOUR_MS, endMs: now, keys: 'auth' })];
  simulator = await startSimulator({ events, rateLimit: null });
  folder = await mkdtemp(join(tmpdir(), 'pachca-audit-commands-'));
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs against the simulator of this file, with a data folder of its own. */
function run(args: readonly string[], env: Record<string, string> = {}, options: RunOptions = {}) {
  return runBuilt(args, {
    ...options,
    env: {
      PACHCA_API_URL: simulator.url,
      PACHCA_TOKEN: simulator.token,
      PACHCA_AUDIT_EXPORT_DIR: folder,
      PACHCA_AUDIT_RATE: '1000',
      XDG_DATA_HOME: join(folder, 'data'),
      ...env,
    },
  });
}

/** Answers as the simulator does. */
async function forward({ pathname, search }: URL, response: ServerResponse): Promise<void> {
  const headers = { authorization: `Bearer ${simulator.token}` };
  const answer = await fetch(simulator.url + pathname + search, { headers });
  sendJson(response, answer.status, await answer.json());
}

describe('commands against an API', () => {
  test('check says in words what is there, and exits 0', async () => {
    const { code, stdout, stderr } = await run(['check']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Reads the audit log: yes');
  });

  test('a wrong time is told by the flag that it was given with', async () => {
    const { code, stderr } = await run(['export', '--start', 'foo']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--start "foo": not a time')]);
  });

  test('check speaks Russian where it is asked to', async () => {
    expect((await run(['check', '--lang', 'ru'])).stdout).toContain('Журнал аудита читается: да');
    const { code, stdout } = await run(['check', '--lang', 'ru'], { PACHCA_TOKEN: '' });
    expect([code, stdout.trim().split('\n').at(-1)]).toEqual([
      2,
      expect.stringMatching(/^Проблема not_configured: Токена нет\. Задайте PACHCA_TOKEN/u),
    ]);
  });

  test('check names the scope that gives names, and does not fail for the lack of it', async () => {
    const { code, stdout } = await run(['check'], { PACHCA_TOKEN: 'demo-no-users' });
    expect(code).toBe(0);
    expect(stdout).toContain('Knows names: no (the scope users:read gives them)');
  });

  test.each([
    ['without a token', { PACHCA_TOKEN: '' }, 2, 'PACHCA_TOKEN'],
    ['with a wrong token', { PACHCA_TOKEN: 'wrong-token-for-a-test' }, 3, 'invalid_token'],
    ['without the scope', { PACHCA_TOKEN: 'demo-no-scope' }, 3, 'missing_scope'],
    ['on another plan', { PACHCA_TOKEN: 'demo-wrong-plan' }, 3, 'plan_required'],
    ['for somebody else than the owner', { PACHCA_TOKEN: 'demo-not-owner' }, 3, 'not_owner'],
  ])('check %s says so by exit code and word', async (_what, env, exitCode, word) => {
    const { code, stdout, stderr } = await run(['check'], env);
    expect(code).toBe(exitCode);
    expect(stdout + stderr).toContain(word);
  });

  test.each([
    ['an unknown command', ['exprot'], 'export'],
    ['an unknown option', ['check', '--verbse'], '--verbse'],
    ['a token on the command line', ['check', '--token', 'secret-on-the-command-line'], 'PACHCA_TOKEN'],
    ['a name that nobody has', ['suspicious', '--actor', 'Xyzzy'], 'called "Xyzzy". Search'],
    ['a reversed window', ['suspicious', '--start', '2026-03-10', '--end', '2026-03-01'], '2026-03-10'],
  ])('%s is a usage error that names the way out', async (_what, args, word) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(word);
    expect(stderr).not.toContain('secret-on-the-command-line');
  });

  test('export writes a file that verify accepts, and refuses after one byte changed', async () => {
    const exported = await run(['export', '--start', 'now-1d', '--end', 'now-1m', '--out', 'day.ndjson']);
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    const answer = z
      .object({ manifest_path: z.string(), file: z.object({ path: z.string(), events: z.number() }) })
      .parse(JSON.parse(exported.stdout));
    expect(answer.file.events).toBeGreaterThan(3900);

    const verified = await run(['verify', answer.manifest_path]);
    expect([verified.code, verified.stderr]).toEqual([0, '']);
    const bytes = await readFile(answer.file.path);
    bytes[500] = (bytes[500] ?? 0) ^ 1;
    await writeFile(answer.file.path, bytes);
    const refused = await run(['verify', answer.manifest_path]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('sha256: the manifest says ');
    const russian = await run(['verify', '--lang', 'ru', answer.manifest_path]);
    expect(russian.stdout).toContain('sha256: в манифесте ');
  });

  test('verify of a folder without a journal says what to give', async () => {
    const refused = await run(['verify', await temporaryFolder()]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/There is no journal in .* Give a journal-YYYY-MM\.ndjson/u);
  });

  test('an export of which nobody holds anything is refused: an empty file would say that nothing happened', async () => {
    const refused = await run(['export', '--start', 'now-200d', '--end', 'now-150d', '--out', 'nothing.ndjson']);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('Nothing of this window is there any more');
  });

  test('an export of which the log no longer holds a part is done in part', async () => {
    const exported = await run(['export', '--start', 'now-100d', '--end', 'now-89d', '--out', 'old.ndjson']);
    expect([exported.code, exported.stderr]).toEqual([5, '']);
    expect(JSON.parse(exported.stdout)).toMatchObject({
      status: 'done',
      coverage: { complete: false, stopped_by: 'retention' },
    });
  });

  test('an export that fails in the middle says what is kept and how to go on, and the same command does', async () => {
    let answers = 0;
    let isBroken = true;
    const failing = await startLocalServer((request, response) => {
      answers += 1;
      if (isBroken && answers > 30) {
        sendJson(response, 422, { errors: [] });
        return;
      }
      void forward(request.url, response);
    });
    const env = { PACHCA_API_URL: failing.url };
    const args = ['export', '--start', 'now-18h', '--end', 'now-1m', '--out', 'broken.ndjson'];
    const partial = await run(args, env);
    expect(partial.code).toBe(5);
    expect(JSON.parse(partial.stdout)).toMatchObject({ status: 'partial', coverage: { stopped_by: 'error' } });
    const times = /--start (\S+) --end (\S+)$/u.exec(partial.stderr.trim());
    isBroken = false;
    const again = await run(['export', '--start', times?.[1] ?? '', '--end', times?.[2] ?? '', ...args.slice(5)], env);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 'done', resumed: true });
  });

  test('a name that holds another name and number reads like one person', async () => {
    const company = buildCompany({ seed: 5, now: Date.now(), people: 60, days: 3, incidents: 'none' });
    const users = company.users.map((user) => ({
      ...user,
      first_name: 'Мария',
      last_name: `Ёлкина (2), Иван "${user.id}`,
    }));
    // Four people whose second factor is guessed, each from an address of its own.
    const events = users.slice(0, 4).flatMap(({ id }, person) =>
      Array.from({ length: 6 }, (_, index) => ({
        id: `0000000${person}-0000-7000-8000-00000000000${index}`,
        created_at: new Date(Date.now() - HOUR_MS + 60_000 * index).toISOString(),
        event_key: 'user_2fa_fail',
        actor_id: String(id),
        actor_type: 'User',
        entity_id: String(id),
        entity_type: 'User',
        ip_address: `198.51.${person}.7`,
        user_agent: 'Mozilla/5.0',
        details: {},
      })),
    );
    const named = await startSimulator({ company: { ...company, users, events }, rateLimit: null });
    const env = { PACHCA_API_URL: named.url, PACHCA_TOKEN: named.token };
    const { stdout } = await run(['suspicious', '--start', 'now-2d', '--baseline-days', '0'], env);
    await named.close();
    const people = stdout.split('\n').filter((line) => line.startsWith('    who: '));
    expect(people).toHaveLength(4);
    for (const one of people) expect(one).toMatch(/^ {4}who: (\d+) "Мария Ёлкина \(2\), Иван \\"\1"$/u);
  });

  test('whoever stops reading early changes nothing of how the command ends', async () => {
    const gone = await run(
      ['suspicious', '--start', 'now-20h', '--json', '--baseline-days', '0'],
      {},
      { stopsReading: true },
    );
    expect(gone.stderr).toBe('');
    const read = await run(['suspicious', '--start', 'now-20h', '--json', '--baseline-days', '0']);
    expect(gone.code).toBe(read.code);
  });

  test('an API that fails for good is exit code 4', async () => {
    const { code, stderr } = await run(['suspicious', '--start', 'now-2h'], { PACHCA_TOKEN: 'demo-narrow' });
    expect(code).toBe(4);
    expect(stderr).toContain('range');
  });

  test('a pipe gets neither colour nor a bar', async () => {
    const { stdout, stderr } = await run(['suspicious', '--start', 'now-2h', '--baseline-days', '0']);
    expect(stdout + stderr).not.toContain('\u001B');
  });
});

describe('an interrupted export', () => {
  const goOn = /^Interrupted\. .*--start \S+Z --end \S+Z\n$/u;
  test.each([
    // In good order: all that was answered is kept; what is on its way is lost.
    ['SIGINT', 130, { rate: '1000', atRequest: 150, mostAgain: 330, says: goOn }],
    ['SIGTERM', 130, { rate: '1000', atRequest: 150, mostAgain: 330, says: goOn }],
    // At half-way and by surprise: only what is on disk already is left.
    ['SIGKILL', null, { rate: '150', atRequest: 210, mostAgain: 0.6 * 420, says: /^$/u }],
  ] as const)('ends on %s with code %s, and the same command goes on', async (signal, code, how) => {
    const now = Date.now();
    const events = [...plainEvents({ count: 20_000, startMs: now - 20 * HOUR_MS, endMs: now - HOUR_MS })];
    const seen = { requests: 0 };
    let interrupt = (): void => undefined;
    const slow = await startSimulator({
      events,
      rateLimit: null,
      latencyMs: 20,
      onRequest: () => {
        seen.requests += 1;
        if (seen.requests === how.atRequest) interrupt();
      },
    });
    try {
      // A whole second that is over: reads of this test, which the log keeps too, all come after it.
      const end = new Date(Math.floor(now / 1000) * 1000).toISOString();
      const start = new Date(now - 24 * HOUR_MS).toISOString();
      const args = ['export', '--start', start, '--end', end, '--out', `${signal}.ndjson`];
      const env = { PACHCA_API_URL: slow.url, PACHCA_TOKEN: slow.token, PACHCA_AUDIT_RATE: how.rate };
      const onStart: RunOptions['onStart'] = (kill) => {
        interrupt = () => kill(signal);
      };
      const killed = await run(args, env, { onStart });
      expect([killed.code, killed.stdout]).toEqual([code, '']);
      // The one line for a person: how to go on, with times that do not move.
      expect(killed.stderr).toMatch(how.says);
      const first = seen.requests;
      const resumed = await run(args, env);
      expect([resumed.code, resumed.stderr]).toEqual([0, '']);
      expect(JSON.parse(resumed.stdout)).toMatchObject({ status: 'done', resumed: true, file: { events: 20_000 } });
      expect(seen.requests - first).toBeLessThan(how.mostAgain);
    } finally {
      await slow.close();
    }
  });
});

// Tests the commands export and verify at a terminal, over a simulator: what is written, and how a broken or interrupted export goes on.
import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import type { RunOptions } from '../support/built.ts';
import { runsOverLog } from '../support/command-runs.ts';
import { sendJson, startLocalServer } from '../support/local-server.ts';

const HOUR_MS = 3_600_000;

const { run, simulator } = runsOverLog();

/** Answers as the simulator does. */
async function forward({ pathname, search }: URL, response: ServerResponse): Promise<void> {
  const headers = { authorization: `Bearer ${simulator().token}` };
  const answer = await fetch(simulator().url + pathname + search, { headers });
  sendJson(response, answer.status, await answer.json());
}

describe('an export', () => {
  test('is a file that verify accepts, and refuses after one byte changed', async () => {
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

  test('of which nobody holds anything is refused: an empty file would say that nothing happened', async () => {
    const refused = await run(['export', '--start', 'now-200d', '--end', 'now-150d', '--out', 'nothing.ndjson']);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('Nothing of this window is there any more');
  });

  test('of which the log no longer holds a part is done in part', async () => {
    const exported = await run(['export', '--start', 'now-100d', '--end', 'now-89d', '--out', 'old.ndjson']);
    expect([exported.code, exported.stderr]).toEqual([5, '']);
    expect(JSON.parse(exported.stdout)).toMatchObject({
      status: 'done',
      coverage: { complete: false, stopped_by: 'retention' },
    });
  });

  test('that fails in the middle says what is kept and how to go on, and the same command does', async () => {
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

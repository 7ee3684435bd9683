// Tests that accounts that fell silent before the baseline are found when they come back.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SimEvent } from '../../src/simulator/model.ts';
import { fillStore } from '../../src/store/fill.ts';
import { simEvent } from '../support/sim-events.ts';
import { stillClock } from '../support/still-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startWorld, type World } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const answerSchema = z.object({
  coverage: z.object({ complete: z.boolean(), requests: z.number() }),
  notes: z.array(z.string()),
  baseline: z.object({ logins: z.number(), complete: z.boolean() }),
  findings: z.array(
    z.object({ rule: z.string(), severity: z.string(), actor_ids: z.array(z.string()), why: z.string() }),
  ),
});

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function dormant(events: readonly SimEvent[], input: Record<string, unknown> = {}, maxRequests = 1000) {
  world = await startWorld({
    simulator: { events, now: () => now },
    clock: stillClock(now),
    settings: { maxRequests },
  });
  const rules = ['dormant_account_active'];
  return answerSchema.parse(await world.call('find_suspicious_logins', { rules, ...input }));
}

/** A new server over a store that holds every day that is over. */
async function openFilled(events: readonly SimEvent[]): Promise<{ opened: World; dir: string }> {
  const dir = await temporaryFolder();
  const opened = await startWorld({ simulator: { events, now: () => now }, clock: stillClock(now), store: { dir } });
  world = opened;
  const log = opened.parts.store?.log;
  if (log === undefined) throw new Error('no store');
  const filled = await fillStore({ log, window: { startMs: now - 89 * DAY_MS, endMs: now } });
  expect(filled.complete).toBe(true);
  return { opened, dir };
}

/** Spoils the stored logins of a day. */
async function damageLogins(dir: string, day: string): Promise<void> {
  const files = await readdir(dir, { recursive: true });
  const name = files.find((file) => file.endsWith(join('event_key=user_login', `day=${day}.ndjson.gz`)));
  if (name === undefined) throw new Error(`no logins of ${day} are stored`);
  await writeFile(join(dir, name), 'no segment');
}

const login = (actor: string, daysAgo: number, from: { ip?: string; ua?: string } = {}) =>
  simEvent({ atMs: now - daysAgo * DAY_MS - HOUR_MS, key: 'user_login', actor, ...from });
const daily = (actor: string) => Array.from({ length: 80 }, (_, day) => login(actor, day));
const stranger = { ip: '198.18.44.5', ua: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

describe('accounts that come back', () => {
  const back = [login('7', 60), login('7', 61), login('7', 0, stranger)];

  test('are found although the baseline begins after they fell silent, and their old logins are no part of it', async () => {
    const { findings, baseline, notes } = await dormant([...daily('1'), ...back]);
    expect(findings).toMatchObject([{ rule: 'dormant_account_active', severity: 'medium', actor_ids: ['7'] }]);
    expect(findings[0]?.why).toContain('60 days before');
    expect(baseline.logins).toBe(30);
    expect(notes.filter((note) => note.includes('since when'))).toEqual([]);
  });

  test('are none when they were away for less than the silence, or are new', async () => {
    const { findings } = await dormant([...daily('1'), login('7', 44), login('7', 0, stranger), login('8', 0)]);
    expect(findings).toEqual([]);
  });

  test('are found in the past of one person as well', async () => {
    const { findings } = await dormant([...daily('1'), ...back], { actor: '7' });
    expect(findings).toMatchObject([{ severity: 'medium', actor_ids: ['7'] }]);
  });

  test('are not looked for without a baseline', async () => {
    const { findings, coverage } = await dormant([...daily('1'), ...back], { baseline_days: 0 });
    expect(findings).toEqual([]);
    expect(coverage.requests).toBeLessThan(40);
  });

  test('of whom there are too many are counted in a note', async () => {
    const crowd = Array.from({ length: 25 }, (_, index) => login(String(300 + index), 0));
    const { notes } = await dormant([...daily('1'), ...crowd]);
    expect(notes).toContainEqual(expect.stringMatching(/of which it was not read since when: 5\.$/u));
  });

  test('are found in a filled store without a request, as they are without it', async () => {
    const weekAgo = [login('7', 70), login('7', 5, stranger), login('8', 4)];
    const events = [...daily('1'), ...weekAgo];
    const question = { rules: ['dormant_account_active'], start_time: 'now-12d', end_time: 'now-3d' };
    const plain = await dormant(events, question);
    await world?.close();
    const { opened } = await openFilled(events);

    const stored = answerSchema.parse(await opened.call('find_suspicious_logins', question));
    expect(stored.coverage).toEqual({ complete: true, requests: 0 });
    expect(stored.findings).toMatchObject([{ severity: 'medium', actor_ids: ['7'] }]);
    expect([stored.findings, stored.baseline]).toEqual([plain.findings, plain.baseline]);
  });

  test('of whom what lies at hand does not tell are counted in a note', async () => {
    const { opened, dir } = await openFilled([...daily('1'), login('7', 70), login('7', 5, stranger)]);
    const question = { rules: ['dormant_account_active'], start_time: 'now-12d', end_time: 'now-3d' };
    await opened.call('find_suspicious_logins', question);
    await damageLogins(dir, new Date(now - 70 * DAY_MS).toISOString().slice(0, 10));
    await opened.simulator.close();

    const { notes, findings } = answerSchema.parse(await opened.call('find_suspicious_logins', question));
    expect(findings).toEqual([]);
    expect(notes).toContainEqual(expect.stringMatching(/of which it was not read since when: 1\.$/u));
  });

  describe('where the store holds a day here and there', () => {
    const question = { rules: ['dormant_account_active'], start_time: 'now-2d', end_time: 'now', baseline_days: 7 };
    const away = [...daily('1'), login('7', 60), login('7', 1, stranger)];
    async function openHalfFilled(): Promise<World> {
      const dir = await temporaryFolder();
      const opened = await startWorld({
        simulator: { events: away, now: () => now },
        clock: stillClock(now),
        store: { dir },
      });
      world = opened;
      const log = opened.parts.store?.log;
      if (log === undefined) throw new Error('no store');
      for (const daysAgo of [45, 35, 25, 15]) {
        const startMs = now - daysAgo * DAY_MS;
        await fillStore({ log, window: { startMs, endMs: startMs + 1000 }, eventKeys: ['user_login'] });
      }
      return opened;
    }

    test('are found all the same', async () => {
      const { notes, findings } = answerSchema.parse(
        await (await openHalfFilled()).call('find_suspicious_logins', question),
      );
      expect(findings).toMatchObject([{ severity: 'medium', actor_ids: ['7'] }]);
      expect(notes.filter((note) => note.includes('since when'))).toEqual([]);
    });

    test('are found or counted in a note, whatever the budget', async () => {
      const opened = await openHalfFilled();
      for (let maxRequests = 4; maxRequests <= 100; maxRequests += 4) {
        const settings = { ...opened.parts.settings, maxRequests };
        const { notes, findings, coverage, baseline } = answerSchema.parse(
          await opened.call('find_suspicious_logins', question, { settings }),
        );
        const isCut = !coverage.complete || !baseline.complete;
        const isSaid = isCut || notes.some((note) => note.endsWith('since when: 1.'));
        expect({ maxRequests, isTold: findings.length === 1 || isSaid }).toEqual({ maxRequests, isTold: true });
      }
    });
  });

  test('are found in a file, which is looked through once for all of them', async () => {
    const crowd = Array.from({ length: 25 }, (_, index) => String(300 + index));
    const events = crowd.flatMap((actor) => [login(actor, 60), login(actor, 0, stranger)]);
    const opened = await startWorld({ simulator: { events, now: () => now }, clock: stillClock(now) });
    world = opened;
    const settings = { ...opened.parts.settings, source: 'file' } as const;
    const input = { rules: ['dormant_account_active'], max_findings: 100 };
    const { findings, notes } = answerSchema.parse(await opened.call('find_suspicious_logins', input, { settings }));
    expect(new Set(findings.flatMap(({ actor_ids }) => actor_ids)).size).toBe(25);
    expect(notes.filter((note) => note.includes('since when'))).toEqual([]);
  });
});

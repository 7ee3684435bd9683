// Checks what a question costs once the store is filled: the same answer as without one, and next to no request.
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createParts, type Parts } from '../../src/parts.ts';
import { buildCompany } from '../../src/simulator/dataset.ts';
import type { Company } from '../../src/simulator/model.ts';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { fillStore } from '../../src/store/fill.ts';
import { stillClock } from '../support/still-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { INSTALLATION_ID, toolCalls } from '../support/world.ts';

const NOW_MS = Date.parse('2026-03-20T00:00:00Z');
const DAY_MS = 86_400_000;
const QUESTION = { start_time: '2026-03-06', end_time: '2026-03-17', baseline_days: 20, max_findings: 100 };

const answerSchema = z.object({
  coverage: z.object({ complete: z.boolean(), requests: z.number(), from_store: z.number() }),
  notes: z.array(z.string()),
  actors: z.record(z.string(), z.object({ name: z.string(), role: z.string().optional() })),
  totals: z.unknown(),
  baseline: z.object({ logins: z.number(), complete: z.boolean() }),
  findings: z.array(z.looseObject({ actor_ids: z.array(z.string()) })),
});

let company: Company;
let simulator: Simulator;
beforeAll(async () => {
  company = buildCompany({ seed: 5, now: NOW_MS, people: 120, days: 40, incidents: 'all' });
  simulator = await startSimulator({ company, now: () => NOW_MS, rateLimit: null, logsOwnReads: false });
});
afterAll(() => simulator.close());

/** The parts of a new process. */
function start(dir?: string, maxRequests = 20_000): Parts {
  const parts = createParts({
    source: { kind: 'api', baseUrl: simulator.url, token: () => simulator.token },
    settings: { timeZone: 'UTC', lang: 'en', maxRequests },
    rate: 100_000,
    exportDir: dir ?? '/nowhere',
    version: '0.0.0-test',
    installationId: INSTALLATION_ID,
    clock: stillClock(NOW_MS),
    toolNames: [],
    ...(dir === undefined ? {} : { store: { dir } }),
  });
  onTestFinished(() => parts.close());
  return parts;
}

async function fill(dir: string): Promise<void> {
  const { store, people } = start(dir);
  if (store === undefined) throw new Error('no store');
  await fillStore({ log: store.log, window: { startMs: NOW_MS - 38 * DAY_MS, endMs: NOW_MS } });
  expect(await people.keepNames()).toBe(company.users.length);
}

async function ask(parts: Parts) {
  const before = simulator.requests.total;
  const answer = answerSchema.parse(await toolCalls(parts).call('find_suspicious_logins', QUESTION));
  return { answer, requests: simulator.requests.total - before };
}

const judged = ({ totals, baseline, findings }: z.output<typeof answerSchema>) => ({ totals, baseline, findings });

test('a new process answers as without a store, for ten requests at most, and names everybody', async () => {
  const dir = await temporaryFolder();
  await fill(dir);
  const plain = await ask(start());
  const { answer, requests } = await ask(start(dir));
  expect(judged(answer)).toEqual(judged(plain.answer));
  expect(answer.findings.length).toBeGreaterThan(10);
  expect(answer.coverage).toMatchObject({ complete: true, requests: 0 });
  expect(answer.coverage.from_store).toBeGreaterThan(0);
  expect(requests).toBeLessThanOrEqual(10);

  const namesOf = ({ actors }: typeof answer) =>
    Object.fromEntries(Object.entries(actors).map(([id, a]) => [id, a.name]));
  expect(Object.keys(answer.actors).length).toBeGreaterThan(10);
  expect(namesOf(answer)).toEqual(namesOf(plain.answer));
  expect(answer.notes).toContainEqual(
    'Some people have no more than their name here, as listed on 2026-03-20T00:00:00Z: find_people tells roles and suspensions of now.',
  );
  const withoutNames = (notes: readonly string[]) => notes.filter((note) => !note.includes('name'));
  expect(withoutNames(answer.notes)).toEqual(withoutNames(plain.answer.notes));
});

test('a damaged segment is read again, and the answer stays the same', async () => {
  const dir = await temporaryFolder();
  await fill(dir);
  const plain = await ask(start());
  const [scope = ''] = await readdir(dir);
  await writeFile(join(dir, scope, 'event_key=user_login', 'day=2026-03-10.ndjson.gz'), 'no segment');
  await writeFile(join(dir, scope, 'event_key=user_login', 'day=2026-02-25.ndjson.gz'), 'no segment');
  const { answer } = await ask(start(dir));
  expect(judged(answer)).toEqual(judged(plain.answer));
  expect(answer.coverage.complete).toBe(true);
  expect(answer.notes.join('\n')).toContain('2026-03-10 was damaged');
});

test('a store that turns out to be damaged all over leaves the window something to be read with', async () => {
  const dir = await temporaryFolder();
  await fill(dir);
  const [scope = ''] = await readdir(dir);
  const logins = join(dir, scope, 'event_key=user_login');
  for (const name of await readdir(logins)) await writeFile(join(logins, name), 'no segment');
  const { answer } = await ask(start(dir, 84));
  expect(answer.coverage.complete).toBe(true);
  expect(answer.baseline.complete).toBe(false);
});

test('names that are damaged, too old or of another scope are not used', async () => {
  const dir = await temporaryFolder();
  await fill(dir);
  const [scope = ''] = await readdir(dir);
  const path = join(dir, scope, '_names.json');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, '{"format":1,"names":[{"id":"1001","name":"Forged"}]}');
  const { answer } = await ask(start(dir));
  expect(answer.notes.filter((note) => note.includes('as listed on'))).toEqual([]);
  expect(Object.keys(answer.actors).length).toBeGreaterThan(10);
  // Having read the whole list, that process has kept it again.
  expect((await ask(start(dir))).answer.notes.filter((note) => note.includes('as listed on'))).toHaveLength(1);
});

// Owns the question of bench/store.ts: suspicious logins of a month, before and after the store is filled.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createParts } from '../../src/parts.ts';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { fillStore } from '../../src/store/fill.ts';
import { systemClock } from '../../src/system-clock.ts';
import { findSuspiciousLogins } from '../../tools/find-suspicious-logins.ts';
import { AUTH, DAY_MS, diskBytes, TODAY_MS } from './common.ts';

export interface Company {
  readonly people: string;
  /** Logins of one person a day. */
  readonly logins: string;
  /** Requests a second, 0 for no limit. */
  readonly limit: string;
}

interface Answer {
  readonly answer: {
    readonly findings: readonly unknown[];
    readonly omitted_findings: number;
    readonly totals: unknown;
    readonly coverage: unknown;
    readonly baseline: unknown;
  };
  readonly requests: number;
  readonly logReads: number;
  readonly seconds: number;
}

export async function question(values: Company): Promise<void> {
  const people = Number(values.people);
  const company = buildCompany({
    seed: 7,
    now: TODAY_MS + DAY_MS / 2,
    people,
    days: 66,
    authEventsPerDay: Number(values.logins),
    activityPerDay: 0.2,
    incidents: 'all',
  });
  const auth = company.events.filter(({ event_key: key }) => AUTH.includes(key)).length;
  console.log(`\n## 31 days with a baseline of 30, ${people} people, ${Math.round(auth / 66)} auth events a day\n`);
  const dir = await mkdtemp(join(tmpdir(), 'bench-store-'));
  const simulator = await startSimulator({ company, rateLimit: Number(values.limit) || null, logsOwnReads: false });
  const open = (store: boolean, rate: number) =>
    createParts({
      source: { kind: 'api', baseUrl: simulator.url, token: () => simulator.token },
      settings: { timeZone: 'UTC', lang: 'en', maxRequests: 1000 },
      rate,
      exportDir: dir,
      version: '0.0.0-bench',
      installationId: 'bench',
      clock: systemClock,
      toolNames: [],
      ...(store ? { store: { dir } } : {}),
    });
  const logReads = (): number => simulator.requests.okByPath['/audit_events'] ?? 0;
  const ask = async (parts: ReturnType<typeof open>, endMs: number, isUnlimited = false): Promise<Answer> => {
    const [before, readsBefore] = [simulator.requests.total, logReads()];
    const startedAt = performance.now();
    const nowMs = Date.now();
    const { structured } = await findSuspiciousLogins.call(
      {
        start_time: new Date(endMs - 31 * DAY_MS).toISOString(),
        end_time: new Date(endMs).toISOString(),
        max_findings: 100,
      },
      {
        ...parts,
        settings: { ...parts.settings, maxRequests: isUnlimited ? 1_000_000 : 1000 },
        nowMs,
        deadlineAt: isUnlimited ? Number.POSITIVE_INFINITY : nowMs + 45_000,
        signal: new AbortController().signal,
        progress: () => undefined,
      },
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const answer: Answer['answer'] = JSON.parse(JSON.stringify(structured));
    return { answer, requests: simulator.requests.total - before, logReads: logReads() - readsBefore, seconds };
  };
  const say = (what: string, { answer, requests, logReads: reads, seconds }: Answer): void => {
    const { coverage, baseline, findings, omitted_findings: omitted } = answer;
    console.log(
      `${what.padEnd(34)} | ${String(reads).padStart(6)} reads of the log, ${String(requests - reads).padStart(3)} other requests | ` +
        `${seconds.toFixed(1).padStart(6)} s | ${findings.length + omitted} findings`,
    );
    console.log(`  coverage ${JSON.stringify(coverage)}\n  baseline ${JSON.stringify(baseline)}`);
  };
  const closedMs = TODAY_MS - 2 * DAY_MS;
  try {
    const first = open(true, 48);
    say('first call, 1,000 requests at 48/s', await ask(first, closedMs));
    await first.close();

    const without = open(false, 100_000);
    const truth = await ask(without, closedMs, true);
    say('without a store, no budget', truth);

    const filling = open(true, 100_000);
    const startedAt = performance.now();
    const window = { startMs: closedMs - 61 * DAY_MS, endMs: TODAY_MS };
    const log = filling.store?.log;
    if (log === undefined) throw new Error('no store');
    const filled = await fillStore({ log, window });
    // As the command does.
    await filling.people.keepNames();
    console.log(
      `store fill: ${filled.filled.length} days, ${filled.events} events, ${filled.requests} requests, ` +
        `${((performance.now() - startedAt) / 1000).toFixed(1)} s; ${((await diskBytes(dir)) / 1e6).toFixed(1)} MB`,
    );
    await filling.close();

    const second = open(true, 48);
    const after = await ask(second, closedMs);
    say('after store fill, a new server', after);
    console.log(`  findings the same as without a store: ${isSame(after, truth)}`);
    say('the same until now, first time', await ask(second, Date.now()));
    say('the same until now, once more', await ask(second, Date.now()));
    await second.close();
    await without.close();
  } finally {
    await simulator.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Findings, totals and baseline; what it cost differs. */
function isSame(a: Answer, b: Answer): boolean {
  const [of, other] = [a, b].map(({ answer: { findings, omitted_findings, totals, baseline } }) =>
    JSON.stringify([findings, omitted_findings, totals, baseline]),
  );
  return of === other;
}

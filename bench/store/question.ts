// Owns the question of bench/store.ts: suspicious logins of a month, before and after the store is filled.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TimeWindow } from '../../src/audit/query.ts';
import { buildCompany } from '../../src/simulator/dataset.ts';
import type { Simulator } from '../../src/simulator/options.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { fillStore } from '../../src/store/fill.ts';
import { ask, openServer, startServer, type Asked, type Server } from './asking.ts';
import { AUTH, DAY_MS, diskBytes, TODAY_MS } from './common.ts';

export interface Company {
  readonly people: string;
  /** Logins of one person on a workday. */
  readonly logins: string;
  /** Requests a second, 0 for no limit. */
  readonly limit: string;
}

interface Told extends Asked {
  readonly requests: number;
  readonly logReads: number;
}

const DAYS = 66;

function companyOf({ people, logins }: Company) {
  return buildCompany({
    seed: 7,
    now: TODAY_MS + DAY_MS / 2,
    people: Number(people),
    days: DAYS,
    loginsPerDay: Number(logins),
    activityPerDay: 0.2,
    incidents: 'all',
  });
}

/** What `asking` was answered, with what it has cost. */
async function counted({ requests }: Simulator, asking: () => Promise<Asked>): Promise<Told> {
  const logReads = (): number => requests.okByPath['/audit_events'] ?? 0;
  const [before, readsBefore] = [requests.total, logReads()];
  const asked = await asking();
  return { ...asked, requests: requests.total - before, logReads: logReads() - readsBefore };
}

function say(what: string, { answer, requests, logReads, seconds }: Told): void {
  const { coverage, baseline, findings, omitted_findings: omitted } = answer;
  console.log(
    `${what.padEnd(34)} | ${String(logReads).padStart(6)} reads of the log, ${String(requests - logReads).padStart(3)} other requests | ` +
      `${seconds.toFixed(1).padStart(6)} s | ${findings.length + omitted} findings`,
  );
  console.log(`  coverage ${JSON.stringify(coverage)}\n  baseline ${JSON.stringify(baseline)}`);
}

/** Fills the store of `server`, which lies in `dir`. */
async function fill(server: Server, window: TimeWindow, dir: string): Promise<void> {
  const startedAt = performance.now();
  const log = server.store?.log;
  if (log === undefined) throw new Error('no store');
  const { filled, events, requests } = await fillStore({ log, window });
  // As the command does.
  await server.people.keepNames();
  console.log(
    `store fill: ${filled.length} days, ${events} events, ${requests} requests, ` +
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s; ${((await diskBytes(dir)) / 1e6).toFixed(1)} MB`,
  );
}

export async function question(values: Company): Promise<void> {
  const company = companyOf(values);
  const auth = company.events.filter(({ event_key: key }) => AUTH.includes(key)).length;
  const perDay = Math.round(auth / DAYS);
  console.log(`\n## 31 days with a baseline of 30, ${Number(values.people)} people, ${perDay} auth events a day\n`);
  const dir = await mkdtemp(join(tmpdir(), 'bench-store-'));
  const simulator = await startSimulator({ company, rateLimit: Number(values.limit) || null, logsOwnReads: false });
  const { url, token } = simulator;
  const open = (hasStore: boolean, rate: number) => openServer({ url, token, dir, hasStore, rate });
  const closedMs = TODAY_MS - 2 * DAY_MS;
  try {
    const first = open(true, 48);
    say('first call, 1,000 requests at 48/s', await counted(simulator, () => ask(first, closedMs)));
    await first.close();

    const without = open(false, 100_000);
    const truth = await counted(simulator, () => ask(without, closedMs, true));
    say('without a store, no budget', truth);

    const filling = open(true, 100_000);
    await fill(filling, { startMs: closedMs - 61 * DAY_MS, endMs: TODAY_MS }, dir);
    await filling.close();

    await without.close();
    const second = startServer({ url, token, dir, hasStore: true, rate: 48 });
    const after = await counted(simulator, () => second.ask(closedMs));
    say('after store fill, a new server', after);
    console.log(`  findings the same as without a store: ${isSame(after, truth)}`);
    say('the same until now, first time', await counted(simulator, () => second.ask(Date.now())));
    say('the same until now, once more', await counted(simulator, () => second.ask(Date.now())));
    second.close();
  } finally {
    await simulator.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Findings, totals and baseline; what it cost differs. */
function isSame(a: Asked, b: Asked): boolean {
  const [of, other] = [a, b].map(({ answer: { findings, omitted_findings, totals, baseline } }) =>
    JSON.stringify([findings, omitted_findings, totals, baseline]),
  );
  return of === other;
}

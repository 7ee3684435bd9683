// Owns how soon after a person's last login the next one comes from another address: nobody is in two places at once.
import { createDecayingCounts } from './decaying-counts.ts';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/**
 * Times between a login and the next one from another address. `attacker`: relayed and stolen sessions are used within
 * seconds or minutes, stolen passwords at any time. `people`: what is believed before any were seen.
 */
const GAPS = [
  { name: '10s', uptoMs: 10 * SECOND_MS, attacker: 0.05, people: 0.002 },
  { name: '1m', uptoMs: 60 * SECOND_MS, attacker: 0.05, people: 0.005 },
  { name: '5m', uptoMs: 300 * SECOND_MS, attacker: 0.1, people: 0.02 },
  { name: '15m', uptoMs: 900 * SECOND_MS, attacker: 0.1, people: 0.05 },
  { name: '1h', uptoMs: 3600 * SECOND_MS, attacker: 0.15, people: 0.1 },
  { name: '1d', uptoMs: DAY_MS, attacker: 0.25, people: 0.4 },
  { name: 'later', uptoMs: Infinity, attacker: 0.3, people: 0.423 },
] as const;
const FIRMNESS = 20;
/** One odd moment must not outweigh a known network and a known client. */
const MAX_NATS = 4;

/** Where and when a person logged in last. */
export interface LastPlace {
  host: string;
  timeMs: number;
}
export const nowhereYet = (): LastPlace => ({ host: '', timeMs: -Infinity });

export interface Pace {
  /** Log likelihood ratio, attacker to people, in nats, from 0 to 4. */
  surprise(last: LastPlace, host: string, nowMs: number): number;
  /** Every login, trusted or not: a person cannot be in two places even if one of the two is an attacker. */
  observe(last: LastPlace, host: string, timeMs: number): void;
}

function gapTo(last: LastPlace, host: string, timeMs: number) {
  if (last.host === host || last.timeMs === -Infinity) return undefined;
  return GAPS.find((gap) => timeMs - last.timeMs < gap.uptoMs);
}

/** Gaps learned from the whole company. */
export function createPace(halfLifeDays: number): Pace {
  const counts = createDecayingCounts(halfLifeDays * DAY_MS);
  return {
    surprise(last, host, nowMs) {
      const gap = gapTo(last, host, nowMs);
      if (gap === undefined) return 0;
      const all = GAPS.reduce((sum, { name }) => sum + counts.of(name, nowMs), FIRMNESS);
      const people = (counts.of(gap.name, nowMs) + FIRMNESS * gap.people) / all;
      return Math.max(0, Math.min(MAX_NATS, Math.log(gap.attacker / people)));
    },
    observe(last, host, timeMs) {
      const gap = gapTo(last, host, timeMs);
      if (gap !== undefined) counts.add(gap.name, timeMs);
      last.host = host;
      last.timeMs = timeMs;
    },
  };
}

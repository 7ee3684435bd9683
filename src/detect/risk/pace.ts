// Owns how soon after a person's last login the next one comes from another address: nobody is in two places at once.
import { floatsFor } from '../flat.ts';
import { createDecayingCounts } from './decaying-counts.ts';
import type { Fading } from './fading.ts';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/**
 * Times between a login and the next one from another address. `attacker`: relayed and stolen sessions are used within
 * seconds or minutes, stolen passwords at any time. What is believed of people before any were seen: `oneDevice` moves, of
 * `twoDevices` in one hand each has a network of its own.
 */
const GAPS = [
  { name: '10s', uptoMs: 10 * SECOND_MS, attacker: 0.05, oneDevice: 0.002, twoDevices: 0.01 },
  { name: '1m', uptoMs: 60 * SECOND_MS, attacker: 0.05, oneDevice: 0.005, twoDevices: 0.02 },
  { name: '5m', uptoMs: 300 * SECOND_MS, attacker: 0.1, oneDevice: 0.02, twoDevices: 0.05 },
  { name: '15m', uptoMs: 900 * SECOND_MS, attacker: 0.1, oneDevice: 0.05, twoDevices: 0.08 },
  { name: '1h', uptoMs: 3600 * SECOND_MS, attacker: 0.15, oneDevice: 0.1, twoDevices: 0.12 },
  { name: '1d', uptoMs: DAY_MS, attacker: 0.25, oneDevice: 0.4, twoDevices: 0.4 },
  { name: 'later', uptoMs: Infinity, attacker: 0.3, oneDevice: 0.423, twoDevices: 0.32 },
] as const;
const FIRMNESS = 20;
/** One odd moment must not outweigh a known network and a known client. */
const MAX_NATS = 4;

export interface Pace {
  /** Log likelihood ratio, attacker to people, in nats, from 0 to 4. `device`: its kind, a phone or not. */
  surprise(actor: number, host: string, device: string, nowMs: number): number;
  /** Every login, trusted or not: a person cannot be in two places even if one of the two is an attacker. */
  observe(actor: number, host: string, device: string, timeMs: number): void;
  /** When the actor was seen last; -Infinity where never. */
  lastMs(actor: number): number;
  forget(actor: number): void;
}

/** Gaps learned from the whole company. Actors by number. */
export function createPace(fading: Fading): Pace {
  const counts = { oneDevice: createDecayingCounts(fading), twoDevices: createDecayingCounts(fading) };
  /** Where, with what kind of device and when each logged in last; no host where never. */
  const hosts: (string | undefined)[] = [];
  const devices: (string | undefined)[] = [];
  let times: Float64Array = new Float64Array(0);

  function gapTo(actor: number, host: string, timeMs: number) {
    if (hosts[actor] === host || hosts[actor] === undefined) return undefined;
    return GAPS.find((gap) => timeMs - (times[actor] ?? 0) < gap.uptoMs);
  }
  const between = (actor: number, device: string) => (devices[actor] === device ? 'oneDevice' : 'twoDevices');

  return {
    surprise(actor, host, device, nowMs) {
      const gap = gapTo(actor, host, nowMs);
      if (gap === undefined) return 0;
      const devicesOf = between(actor, device);
      const all = GAPS.reduce((sum, { name }) => sum + counts[devicesOf].of(name, nowMs), FIRMNESS);
      const people = (counts[devicesOf].of(gap.name, nowMs) + FIRMNESS * gap[devicesOf]) / all;
      return Math.max(0, Math.min(MAX_NATS, Math.log(gap.attacker / people)));
    },
    observe(actor, host, device, timeMs) {
      const gap = gapTo(actor, host, timeMs);
      if (gap !== undefined) counts[between(actor, device)].add(gap.name, timeMs);
      times = floatsFor(times, actor + 1);
      hosts[actor] = host;
      devices[actor] = device;
      times[actor] = timeMs;
    },
    lastMs: (actor) => (hosts[actor] === undefined ? -Infinity : (times[actor] ?? -Infinity)),
    forget: (actor) => void (hosts[actor] = undefined),
  };
}

// Owns the counts of logins in the judged window.
import type { TimeWindow } from '../audit/query.ts';
import type { SeenEvent } from './detector.ts';

/** As the contract has it. Actors and addresses are those of the events counted. */
export interface LoginTotals {
  logins: number;
  failed_2fa: number;
  succeeded_2fa: number;
  actors: number;
  ip_addresses: number;
}

export interface Totals {
  observe(seen: SeenEvent): void;
  result(): LoginTotals;
  /** `user_login` events before the window. */
  baselineLogins(): number;
}

export function createTotals(window: TimeWindow): Totals {
  const counts = { user_login: 0, user_2fa_fail: 0, user_2fa_success: 0 };
  const actors = new Set<number>();
  const addresses = new Set<string>();
  /** The source from which each actor was counted last, by number: most come from there again. */
  const lastSource: number[] = [];
  let before = 0;
  return {
    observe(seen) {
      const { key } = seen;
      if (key !== 'user_login' && key !== 'user_2fa_fail' && key !== 'user_2fa_success') return;
      if (seen.timeMs < window.startMs && key === 'user_login') before += 1;
      if (!seen.judged) return;
      counts[key] += 1;
      const { actor, source, address } = seen;
      if (actor >= 0 && lastSource[actor] === source) return;
      if (actor >= 0) {
        actors.add(actor);
        lastSource[actor] = source;
      }
      if (address !== undefined) addresses.add(address);
    },
    result: () => ({
      logins: counts.user_login,
      failed_2fa: counts.user_2fa_fail,
      succeeded_2fa: counts.user_2fa_success,
      actors: actors.size,
      ip_addresses: addresses.size,
    }),
    baselineLogins: () => before,
  };
}

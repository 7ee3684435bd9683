// Owns the reading of login and second-factor events into attempts that failed and logins that succeeded.
import type { SeenEvent } from './detector.ts';

/**
 * It is not known whether the service writes `user_login` before or after the second factor. So a login counts as a
 * success only when no second factor fails from the same source within this time; a passed second factor always does.
 */
export const SETTLE_MS = 60_000;

export interface Outcomes {
  observe(seen: SeenEvent): void;
  advance(nowMs: number): void;
}

export interface OutcomeListener {
  failed(seen: SeenEvent): void;
  /** May come up to `SETTLE_MS` after the event itself; `seen.timeMs` is the event's own time. */
  succeeded(seen: SeenEvent): void;
}

/** Keys that outcomes are read from. */
export const OUTCOME_KEYS = ['user_login', 'user_2fa_fail', 'user_2fa_success'] as const;

/** Whether two events of one actor came from the same place: the same source or, roaming, the same device. */
export function sameOrigin(a: SeenEvent, b: SeenEvent): boolean {
  return a.networks?.host === b.networks?.host || (a.client !== undefined && a.client.full === b.client?.full);
}

function othersThan(failed: SeenEvent, logins: readonly SeenEvent[]): SeenEvent[] {
  return logins.filter((login) => login.actorId !== failed.actorId || !sameOrigin(login, failed));
}

/** Tells `listeners` what came of each attempt, in time order per actor. Holds the logins of one minute. */
export function createOutcomes(listeners: readonly Partial<OutcomeListener>[]): Outcomes {
  const toFailures = listeners.filter((listener) => listener.failed !== undefined);
  const toSuccesses = listeners.filter((listener) => listener.succeeded !== undefined);
  let waiting: SeenEvent[] = [];
  /** Index of the first that still waits: to shift a list each time makes a new one at each push. */
  let head = 0;

  function failed(seen: SeenEvent): void {
    for (const listener of toFailures) listener.failed?.(seen);
  }
  function succeeded(seen: SeenEvent): void {
    for (const listener of toSuccesses) listener.succeeded?.(seen);
  }

  return {
    observe(seen) {
      if (seen.actorId === undefined) return;
      if (seen.key === 'user_2fa_fail') {
        if (!seen.trial) {
          waiting = othersThan(seen, waiting.slice(head));
          head = 0;
        }
        failed(seen);
      } else if (seen.key === 'user_2fa_success' || (seen.key === 'user_login' && seen.trial)) succeeded(seen);
      else if (seen.key === 'user_login') waiting.push(seen);
    },
    advance(nowMs) {
      for (let login = waiting[head]; login !== undefined; login = waiting[head]) {
        if (login.timeMs + SETTLE_MS >= nowMs) break;
        head += 1;
        succeeded(login);
      }
      if (head > 0 && head * 2 >= waiting.length) {
        waiting.splice(0, head);
        head = 0;
      }
    },
  };
}

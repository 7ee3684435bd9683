// Owns when a failed attempt is worth another one, and after what pause.
import type { Clock } from '../clock.ts';
import type { Outcome } from './attempt.ts';

export interface RetryPolicy {
  /** All attempts of one call, the first included. */
  maxAttempts: number;
  /** Pause after the first failure; doubles with each further one. */
  firstPauseMs: number;
  longestPauseMs: number;
  /** A server that asks for more than this is not waited for: the call ends and says so. */
  longestRetryAfterMs: number;
}

export const RETRY_POLICY: RetryPolicy = {
  maxAttempts: 6,
  firstPauseMs: 250,
  longestPauseMs: 8000,
  longestRetryAfterMs: 60_000,
};

/** Whether a GET that ended so may do better the next time. A body that is no JSON counts as cut short. */
export function isWorthRepeating(outcome: Outcome, hasReadableBody: boolean): boolean {
  if (outcome.kind === 'none') return outcome.reason === 'network' || outcome.reason === 'timeout';
  const { status } = outcome;
  if (status >= 200 && status < 300) return !hasReadableBody;
  return status === 408 || status === 429 || status >= 500;
}

/** Milliseconds before attempt `failures + 1`: growing, and jittered so that many clients do not return at once. */
export function pauseMs(policy: RetryPolicy, failures: number, { random }: Pick<Clock, 'random'>): number {
  const full = Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (failures - 1));
  return full * (0.5 + random() / 2);
}

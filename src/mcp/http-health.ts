// Owns the two answers for whoever watches the process: it lives, and it can do its work.
import type { Clock } from '../clock.ts';
import { toAuditError } from '../errors.ts';

/** Resolves where the token is valid and the API answers; rejects with an AuditError that says what is wrong. */
export type CheckReady = (signal: AbortSignal) => Promise<void>;

export interface Health {
  readonly status: 200 | 503;
  readonly body: string;
}

/** Watchers ask every few seconds and from many places; the API is asked at most this often. */
const REMEMBERED_MS = 10_000;
const TIMEOUT_MS = 5000;

const health = (status: 200 | 503, body: object): Health => ({ status, body: JSON.stringify(body) });

export const LIVE = health(200, { status: 'live' });
export const STOPPING = health(503, { status: 'stopping' });

async function check(checkReady: CheckReady, clock: Clock): Promise<Health> {
  const stop = new AbortController();
  const timeout = clock.sleep(TIMEOUT_MS, stop.signal).then(
    () => health(503, { status: 'not_ready', code: 'timeout' }),
    () => health(503, { status: 'not_ready', code: 'timeout' }),
  );
  // Only the code leaves: the message may name hosts and files, and this answer is for everybody.
  const answer = checkReady(stop.signal).then(
    () => health(200, { status: 'ready' }),
    (error: unknown) => health(503, { status: 'not_ready', code: toAuditError(error).code }),
  );
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    stop.abort();
  }
}

/** Readiness as of at most ten seconds ago; any number of askers at once cost one check. */
export function readiness(checkReady: CheckReady, clock: Clock): () => Promise<Health> {
  let last: { at: number; answer: Promise<Health> } | undefined;
  return () => {
    if (last === undefined || clock.now() - last.at >= REMEMBERED_MS) {
      last = { at: clock.now(), answer: check(checkReady, clock) };
    }
    return last.answer;
  };
}

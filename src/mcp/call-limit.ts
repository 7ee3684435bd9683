// Owns the end of a call that hangs: tools answer at their deadline by themselves, and what does not is ended soon after.
import { AuditError } from '../errors.ts';

/** Clients give up after 60 seconds; with the default deadline of 45 there is time left to say what happened. */
const GRACE_MS = 8000;

/**
 * Runs `call` with a signal that is aborted with `signal`, or some seconds after `deadlineMs`: then the call ends with
 * `timeout`, whatever it waits for.
 */
export async function withinLimit<T>(
  deadlineMs: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    const seconds = Math.round(deadlineMs / 1000);
    limit.abort(new AuditError('timeout', `The call was ended: it had no answer after its ${seconds} seconds`));
  }, deadlineMs + GRACE_MS);
  // By hand: AbortSignal.any takes several times as long, and every call passes here.
  const cancel = () => limit.abort(signal.reason);
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await call(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

// Owns the moment of a call: now, by the API's clock where that is known to be another. Its log ends there, and forgets by it.
import type { ToolParts } from './tool.ts';

/** Below, a difference of clocks may be the way of the answer. */
export const TOLERATED_SKEW_MS = 30_000;
/** The first call asks the API for its time, and does not wait longer for it. */
const HEARD_WITHIN_MS = 2000;

export async function momentOf({
  apiClock,
  token,
  clock,
}: Pick<ToolParts, 'apiClock' | 'token' | 'clock'>): Promise<number> {
  if (apiClock === undefined) return clock.now();
  if (apiClock.behindMs() === undefined) {
    const over = new AbortController();
    // Whoever cannot be asked will fail at the log too, with the right error.
    const asked = token.read({ signal: over.signal }).catch(() => undefined);
    await Promise.race([asked, clock.sleep(HEARD_WITHIN_MS, over.signal).catch(() => undefined)]);
    over.abort();
  }
  const behindMs = apiClock.behindMs() ?? 0;
  if (Math.abs(behindMs) <= TOLERATED_SKEW_MS) return clock.now();
  return behindMs < 0 ? apiClock.logNowMs() : clock.now() + behindMs;
}

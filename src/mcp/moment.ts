// Owns the moment of a call: now, by the API's clock where the one here is ahead of it. What has not happened there cannot have been read.
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
  const [hereMs, logMs] = [clock.now(), apiClock.logNowMs()];
  return hereMs - logMs > TOLERATED_SKEW_MS ? logMs : hereMs;
}

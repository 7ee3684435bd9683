// Owns how many requests a read keeps in flight: as many as rate × latency asks for, measured as it goes.

const FEWEST = 2;
const MOST = 64;
/** Requests that should stand waiting at the rate limit: with fewer, a slow answer leaves a slot of it unused. */
const WAITING = 2;
/** Share of a new measurement in the running means. */
const NEW_SHARE = 0.1;
/** Answers this much slower than at the best of times mean that more requests only wait elsewhere: at the server, or at our own end. */
const SLOWED = 2;
const SLOWED_MS = 4;
/** Doubles within the time of one answer. Down it goes as slowly as the means do. */
const MOST_GROWTH = 1;

export interface Pace {
  /** One request is over: it stood `waitMs` at the rate limit and was answered after `latencyMs`, with `inFlight` in all. */
  record(waitMs: number, latencyMs: number, inFlight: number): void;
  /** Requests to keep in flight. */
  target(): number;
}

export function createPace(): Pace {
  let means: { waitMs: number; latencyMs: number; inFlight: number } | undefined;
  /** The lowest running mean: a single quick answer proves nothing. */
  let bestMs = Number.POSITIVE_INFINITY;
  let target = FEWEST;
  return {
    record(waitMs, nowLatencyMs, inFlight) {
      // Clocks count milliseconds: an answer within one is no answer in none.
      const now = { waitMs, latencyMs: Math.max(1, nowLatencyMs), inFlight };
      means ??= now;
      means = {
        waitMs: mean(means.waitMs, now.waitMs),
        latencyMs: mean(means.latencyMs, now.latencyMs),
        inFlight: mean(means.inFlight, now.inFlight),
      };
      const { latencyMs } = means;
      bestMs = Math.min(bestMs, latencyMs);
      // n requests of which each waits w and takes l: n · l / (w + l) are on the way at any moment, the others wait.
      const needed = (means.inFlight * latencyMs) / (means.waitMs + latencyMs) + WAITING;
      const useful = (means.inFlight * (bestMs * SLOWED + SLOWED_MS)) / latencyMs;
      const wanted = Math.min(MOST, Math.max(FEWEST, Math.min(needed, useful)));
      target = Math.min(wanted, target + MOST_GROWTH);
    },
    target: () => Math.ceil(target),
  };
}

function mean(old: number, value: number): number {
  return old + (value - old) * NEW_SHARE;
}

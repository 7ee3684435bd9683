// Owns how many requests a read keeps in flight: as many as rate × latency asks for, measured as it goes.

const FEWEST = 2;
const MOST = 64;
/** Requests that should stand waiting at the rate limit: with fewer, a slow answer leaves a slot of it unused. */
const WAITING = 2;
/** Share of a new measurement in the running mean. */
const NEW_SHARE = 0.2;
/** Answers this much slower than the fastest mean that more requests only wait elsewhere. */
const SLOWED = 2.5;
const SLOWED_MS = 5;

export interface Pace {
  /** One request is over: it stood `waitMs` at the rate limit and was answered after `latencyMs`, with `inFlight` others. */
  record(waitMs: number, latencyMs: number, inFlight: number): void;
  /** Requests to keep in flight. */
  target(): number;
}

export function createPace(): Pace {
  let waitMs: number | undefined;
  let latencyMs: number | undefined;
  let fastestMs = Number.POSITIVE_INFINITY;
  let target = FEWEST;
  return {
    record(nowWaitMs, nowLatencyMs, inFlight) {
      waitMs = mean(waitMs, nowWaitMs);
      // Clocks count milliseconds: an answer within one is no answer in none.
      latencyMs = mean(latencyMs, Math.max(1, nowLatencyMs));
      fastestMs = Math.min(fastestMs, Math.max(1, nowLatencyMs));
      // n requests of which each waits w and takes l: n · l / (w + l) are on the way at any moment, the others wait.
      const needed = Math.ceil((inFlight * latencyMs) / (waitMs + latencyMs)) + WAITING;
      const isSlowed = latencyMs > fastestMs * SLOWED + SLOWED_MS;
      target = Math.min(MOST, Math.max(FEWEST, isSlowed ? Math.min(needed, target) : needed));
    },
    target: () => target,
  };
}

function mean(old: number | undefined, value: number): number {
  return old === undefined ? value : old + (value - old) * NEW_SHARE;
}

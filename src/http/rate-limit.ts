// Owns the pace of all requests of the process: one bucket for one token, and what a 429 does to it.
import type { Clock } from '../clock.ts';

export interface RateLimit {
  /** Resolves when the next request may be sent, in the order of calls; rejects with the signal's reason. */
  acquire(signal?: AbortSignal): Promise<void>;
  /** A request was answered 429: everybody waits, then goes on slower. */
  onRejected(retryAfterMs: number | undefined): void;
  /** A request was answered with anything else. */
  onAccepted(): void;
}

export interface RateLimitOptions {
  /** Most requests a second; reached only while nothing is answered 429. */
  perSecond: number;
  clock: Clock;
}

// The API allows 50 in a second. After a rest three go at once, and with the 47 of the second that follows are just that.
const SMALLEST_BURST = 3;
const BURST_SECONDS = 0.02;
/** Slots missed by a timer that was late, or on a machine that was busy, are caught up with: the second they fall into stays full, no more. */
const CATCH_UP_MS = 250;
const SECOND_MS = 1000;
/** What one 429 leaves of the rate: a hiccup costs little, the dozen that comes when another process starts halves it twice. */
const KEPT_AFTER_REJECTION = 0.85;
/** Share of the full rate regained in a second: slow, since each attempt to get more may cost a 429. */
const REGAINED_PER_SECOND = 0.02;
const SMALLEST_SHARE = 0.02;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** Processes that were stopped by the same 429 do not come back in the same moment. */
const PAUSE_JITTER_MS = 200;

interface Bucket {
  readonly perSecond: number;
  /** Requests a second at present. */
  rate: number;
  rateAtMs: number;
  nextSlotMs: number;
  pausedUntilMs: number;
  seenMs: number;
  rejectedInARow: number;
  /** When each of the last requests went, as many as may go in a second; the oldest is overwritten. */
  readonly sentAtMs: number[];
  sent: number;
  /** Grows with every 429: slots given out before it are void. */
  epoch: number;
}

export function createRateLimit({ perSecond, clock }: RateLimitOptions): RateLimit {
  const nowMs = clock.now();
  const times = { rateAtMs: nowMs, nextSlotMs: nowMs, pausedUntilMs: nowMs, seenMs: nowMs };
  const bucket: Bucket = { perSecond, rate: perSecond, ...times, rejectedInARow: 0, sentAtMs: [], sent: 0, epoch: 0 };
  return {
    async acquire(signal) {
      for (;;) {
        signal?.throwIfAborted();
        const { epoch } = bucket;
        const waitMs = waitForSlotMs(bucket, clock.now());
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        if (epoch === bucket.epoch) return;
      }
    },
    onRejected(retryAfterMs) {
      slowDown(bucket, retryAfterMs, clock);
    },
    onAccepted() {
      bucket.rejectedInARow = 0;
    },
  };
}

/** Takes the next slot; how long it is until then. */
function waitForSlotMs(bucket: Bucket, nowMs: number): number {
  followClock(bucket, nowMs);
  const intervalMs = 1000 / bucket.rate;
  const burst = Math.max(SMALLEST_BURST, bucket.perSecond * BURST_SECONDS);
  const isRested = nowMs - bucket.nextSlotMs > CATCH_UP_MS;
  const dueMs = isRested ? nowMs - (burst - 1) * intervalMs : bucket.nextSlotMs;
  const place = bucket.sent % Math.max(SMALLEST_BURST, Math.floor(bucket.perSecond) + 1);
  const fullUntilMs = (bucket.sentAtMs[place] ?? Number.NEGATIVE_INFINITY) + SECOND_MS;
  const slotMs = Math.max(dueMs, bucket.pausedUntilMs, fullUntilMs);
  bucket.nextSlotMs = slotMs + intervalMs;
  bucket.sentAtMs[place] = Math.max(nowMs, slotMs);
  bucket.sent += 1;
  return slotMs - nowMs;
}

function slowDown(bucket: Bucket, retryAfterMs: number | undefined, clock: Clock): void {
  const nowMs = clock.now();
  followClock(bucket, nowMs);
  bucket.rejectedInARow += 1;
  bucket.epoch += 1;
  bucket.rate = Math.max(bucket.perSecond * SMALLEST_SHARE, bucket.rate * KEPT_AFTER_REJECTION);
  // Who refuses and asks for no pause at all is given one all the same.
  const isAsked = retryAfterMs !== undefined && retryAfterMs > 0;
  const askedMs = isAsked ? retryAfterMs : PAUSE_MS * 2 ** (bucket.rejectedInARow - 1);
  const untilMs = nowMs + Math.min(askedMs, LONGEST_PAUSE_MS) + clock.random() * PAUSE_JITTER_MS;
  bucket.pausedUntilMs = Math.max(bucket.pausedUntilMs, untilMs);
  bucket.nextSlotMs = bucket.pausedUntilMs;
  // A pause proves nothing about the rate: it grows again once requests are sent.
  bucket.rateAtMs = bucket.pausedUntilMs;
}

/** Regains some of the rate, and takes jumps back of the wall clock out of what is planned: a wait must not grow by an hour. */
function followClock(bucket: Bucket, nowMs: number): void {
  const backMs = Math.max(0, bucket.seenMs - nowMs);
  bucket.seenMs = nowMs;
  bucket.nextSlotMs -= backMs;
  bucket.pausedUntilMs -= backMs;
  bucket.rateAtMs -= backMs;
  if (backMs > 0) bucket.sentAtMs.forEach((atMs, place) => (bucket.sentAtMs[place] = atMs - backMs));
  const pastMs = Math.max(0, nowMs - bucket.rateAtMs);
  bucket.rate = Math.min(bucket.perSecond, bucket.rate + (pastMs / 1000) * bucket.perSecond * REGAINED_PER_SECOND);
  bucket.rateAtMs += pastMs;
}

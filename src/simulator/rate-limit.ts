// Owns the limit on requests: one token bucket for each access token or chat.

export interface RateLimit {
  perSecond: number;
  /** How many may come at once; default: a second's worth. */
  burst?: number;
  /** After this many refusals within ten seconds the key is shut out for `restrictedForMs`. Absent: never. */
  restrictAfter?: number;
  restrictedForMs?: number;
}

export interface RateLimiter {
  /** Undefined where the request may go on, else how long to wait, milliseconds. */
  take(key: string): number | undefined;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  refusedAt: number[];
  restrictedUntil: number;
}

/** `nowMs` is a steady clock, not the one that stamps events. */
export function createRateLimiter(limit: RateLimit, nowMs: () => number): RateLimiter {
  const size = limit.burst ?? limit.perSecond;
  const buckets = new Map<string, Bucket>();
  const refuse = (bucket: Bucket, at: number): void => {
    if (limit.restrictAfter === undefined) return;
    bucket.refusedAt = bucket.refusedAt.filter((time) => time > at - 10_000).concat(at);
    if (bucket.refusedAt.length > limit.restrictAfter) bucket.restrictedUntil = at + (limit.restrictedForMs ?? 30_000);
  };
  return {
    take(key) {
      const at = nowMs();
      const bucket = buckets.get(key) ?? { tokens: size, filledAt: at, refusedAt: [], restrictedUntil: 0 };
      buckets.set(key, bucket);
      const refill = ((at - bucket.filledAt) / 1000) * limit.perSecond;
      bucket.tokens = Math.min(size, bucket.tokens + refill);
      bucket.filledAt = at;
      if (bucket.restrictedUntil > at) return bucket.restrictedUntil - at;
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return undefined;
      }
      refuse(bucket, at);
      return ((1 - bucket.tokens) / limit.perSecond) * 1000;
    },
  };
}

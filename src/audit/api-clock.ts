// Owns what is known of the API's clock: every answer tells its time, and only by that clock is it known how far the log reaches.
import type { Clock } from '../clock.ts';
import type { HttpClient, HttpResponse } from '../http/http-client.ts';

export interface ApiClock {
  /** How far the clock here was behind the API's at the last answer, milliseconds; negative where ahead; undefined where nobody knows. */
  behindMs(): number | undefined;
  /** The time here, or the API's where that is known to be earlier: the log holds nothing of later. */
  logNowMs(): number;
  /** The API's time where it is known, at least the second of it: by it the log has forgotten. */
  edgeNowMs(): number;
}

/** Answers tell whole seconds. */
const SECOND_MS = 1000;

/** `http`, whose answers are listened to, and the clock that they tell. */
export function watchClock(http: HttpClient, clock: Pick<Clock, 'now'>): { http: HttpClient; apiClock: ApiClock } {
  let behindMs: number | undefined;
  const heard = (response: HttpResponse): HttpResponse => {
    if (response.dateMs !== undefined) behindMs = response.dateMs - clock.now();
    return response;
  };
  return {
    http: {
      get: async (...call) => heard(await http.get(...call)),
      post: async (...call) => heard(await http.post(...call)),
      close: () => http.close(),
    },
    apiClock: {
      behindMs: () => behindMs,
      logNowMs: () => clock.now() + Math.min(0, (behindMs ?? 0) + SECOND_MS),
      edgeNowMs: () => clock.now() + Math.max(behindMs ?? 0, Math.min(0, (behindMs ?? 0) + SECOND_MS)),
    },
  };
}

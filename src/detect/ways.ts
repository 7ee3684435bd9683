// Owns what is kept at hand of the few ways by which an actor comes (a source and a client): asking maps each time is slow.

/** Numbers of a source and a client; -1 for none. Equal ones mean the same, different ones say nothing. */
export interface Way {
  readonly source: number;
  readonly device: number;
}

/**
 * Answers to the last four ways of an actor; people come from an office, a home and on the road. Written out, for all of it
 * then lies in one place of the memory.
 */
export interface ByWay<T> {
  source1: number;
  device1: number;
  answer1: T | undefined;
  source2: number;
  device2: number;
  answer2: T | undefined;
  source3: number;
  device3: number;
  answer3: T | undefined;
  source4: number;
  device4: number;
  answer4: T | undefined;
}

/** No source has this number. */
const NONE = -2;

export function nothingByWay<T>(): ByWay<T> {
  return {
    source1: NONE,
    device1: NONE,
    answer1: undefined,
    source2: NONE,
    device2: NONE,
    answer2: undefined,
    source3: NONE,
    device3: NONE,
    answer3: undefined,
    source4: NONE,
    device4: NONE,
    answer4: undefined,
  };
}

/** Undefined where nothing is kept: what is asked for has to be looked up. */
export function recall<T>(kept: ByWay<T>, { source, device }: Way): T | undefined {
  if (kept.source1 === source && kept.device1 === device) return kept.answer1;
  if (kept.source2 === source && kept.device2 === device) return kept.answer2;
  if (kept.source3 === source && kept.device3 === device) return kept.answer3;
  return kept.source4 === source && kept.device4 === device ? kept.answer4 : undefined;
}

/** Keeps the answer to a way of which nothing is kept; the oldest makes room. */
export function keep<T>(kept: ByWay<T>, { source, device }: Way, answer: T): void {
  kept.source4 = kept.source3;
  kept.device4 = kept.device3;
  kept.answer4 = kept.answer3;
  kept.source3 = kept.source2;
  kept.device3 = kept.device2;
  kept.answer3 = kept.answer2;
  kept.source2 = kept.source1;
  kept.device2 = kept.device1;
  kept.answer2 = kept.answer1;
  kept.source1 = source;
  kept.device1 = device;
  kept.answer1 = answer;
}

export function forgetWays<T>(kept: ByWay<T>): void {
  Object.assign(kept, nothingByWay<T>());
}

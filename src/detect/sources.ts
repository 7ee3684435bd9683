// Owns who came from each source of the company, as far as it takes to know that a source is shared.
import { floatsFor, intsFor } from './flat.ts';

export interface Sources {
  /** The number of a source, which holds until the source is forgotten. */
  numberOf(host: string): number;
  /** Takes note of a visit to the source of that number. */
  visit(number: number, actor: number, timeMs: number): void;
  /** Whether at least `least` people came from `host` since `sinceMs`. */
  isUsedBy(least: number, host: string, sinceMs: number): boolean;
  /** Forgets the sources that nobody came from since then; true where there were some. */
  forget(beforeMs: number): boolean;
}

interface Visits {
  /** Begins an empty list in the place of `number`. */
  begin(number: number): void;
  note(number: number, actor: number, timeMs: number): void;
  /** How many people came since `sinceMs`, counted up to `enough`. */
  countSince(number: number, sinceMs: number, enough: number): number;
}

/** `most` places for each list: who, by number, and when. */
function createVisits(most: number): Visits {
  let sizes: Int32Array = new Int32Array(0);
  let actors: Int32Array = new Int32Array(0);
  let times: Float64Array = new Float64Array(0);

  /** The place of an actor who came to the source; else the next free one or, as a NAT of thousands needs no longer list, the oldest. */
  function placeFor(number: number, actor: number): number {
    const first = number * most;
    const size = sizes[number] ?? 0;
    let oldest = first;
    for (let place = first; place < first + size; place += 1) {
      if (actors[place] === actor) return place;
      if ((times[place] ?? 0) < (times[oldest] ?? 0)) oldest = place;
    }
    if (size === most) return oldest;
    sizes[number] = size + 1;
    times[first + size] = -Infinity;
    return first + size;
  }

  return {
    begin(number) {
      sizes = intsFor(sizes, number + 1);
      actors = intsFor(actors, (number + 1) * most);
      times = floatsFor(times, (number + 1) * most);
      sizes[number] = 0;
    },
    note(number, actor, timeMs) {
      const place = placeFor(number, actor);
      actors[place] = actor;
      times[place] = Math.max(timeMs, times[place] ?? timeMs);
    },
    countSince(number, sinceMs, enough) {
      let people = 0;
      const first = number * most;
      for (let place = first; place < first + (sizes[number] ?? 0) && people < enough; place += 1) {
        if ((times[place] ?? 0) >= sinceMs) people += 1;
      }
      return people;
    },
  };
}

/** Memory: no more than `most` people for each source. */
export function createSources(most: number): Sources {
  const numbers = new Map<string, number>();
  const free: number[] = [];
  const visits = createVisits(most);

  function addSource(host: string): number {
    const number = free.pop() ?? numbers.size;
    numbers.set(host, number);
    visits.begin(number);
    return number;
  }

  return {
    numberOf: (host) => numbers.get(host) ?? addSource(host),
    visit(number, actor, timeMs) {
      if (number >= 0) visits.note(number, actor, timeMs);
    },
    isUsedBy(least, host, sinceMs) {
      const number = numbers.get(host);
      return number !== undefined && visits.countSince(number, sinceMs, least) >= least;
    },
    forget(beforeMs) {
      const before = numbers.size;
      for (const [host, number] of numbers) {
        if (visits.countSince(number, beforeMs, 1) > 0) continue;
        numbers.delete(host);
        free.push(number);
      }
      return numbers.size < before;
    },
  };
}

// Owns who came from each source of the company, as far as it takes to know that a source is shared.

/** Who came from a source, the same place in both lists. */
interface Visitors {
  /** By number. */
  readonly actors: number[];
  readonly times: number[];
}

/** -1 in an empty list. */
function placeOfLeast(times: readonly number[]): number {
  let place = -1;
  let least = Infinity;
  for (let index = 0; index < times.length; index += 1) {
    const timeMs = times[index] ?? Infinity;
    if (timeMs < least) {
      least = timeMs;
      place = index;
    }
  }
  return place;
}

function visit({ actors, times }: Visitors, actor: number, timeMs: number, most: number): void {
  const known = actors.indexOf(actor);
  // The oldest makes room: a NAT of thousands needs no longer list.
  const place = known < 0 && actors.length >= most ? placeOfLeast(times) : known;
  if (place < 0) {
    actors.push(actor);
    times.push(timeMs);
  } else {
    actors[place] = actor;
    times[place] = Math.max(timeMs, times[place] ?? -Infinity);
  }
}

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

/** Memory: no more than `most` people for each source. */
export function createSources(most: number): Sources {
  const numbers = new Map<string, number>();
  const sources: Visitors[] = [];
  const free: number[] = [];
  return {
    numberOf(host) {
      let number = numbers.get(host);
      if (number === undefined) {
        number = free.pop() ?? sources.length;
        numbers.set(host, number);
        sources[number] = { actors: [], times: [] };
      }
      return number;
    },
    visit(number, actor, timeMs) {
      const source = sources[number];
      if (source !== undefined) visit(source, actor, timeMs, most);
    },
    isUsedBy(least, host, sinceMs) {
      const number = numbers.get(host);
      if (number === undefined) return false;
      let people = 0;
      for (const timeMs of sources[number]?.times ?? []) {
        if (timeMs >= sinceMs) people += 1;
        if (people >= least) return true;
      }
      return false;
    },
    forget(beforeMs) {
      const before = numbers.size;
      for (const [host, number] of numbers) {
        if (sources[number]?.times.some((timeMs) => timeMs >= beforeMs) === true) continue;
        numbers.delete(host);
        free.push(number);
      }
      return numbers.size < before;
    },
  };
}

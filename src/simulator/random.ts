// Owns seeded chance: the same seed gives the same company, event for event and id for id.

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [min, max], both included. */
  int(min: number, max: number): number;
  /** In [min, max). */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of `items` by weight. */
  weighted<T>(items: readonly (readonly [T, number])[]): T;
  /** `count` different items, or all of them where there are fewer. */
  sample<T>(items: readonly T[], count: number): T[];
  /** How often something happens whose mean is `mean`. */
  poisson(mean: number): number;
  /** Normal distribution. */
  gauss(mean: number, deviation: number): number;
  /** A random (version 4) UUID. */
  uuid(): string;
  /** A stream of its own, so that a change in one place does not move everything after it. */
  fork(name: string): Random;
}

function hashText(text: string, seed: number): number {
  let hash = seed ^ 0x9e3779b9;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

/** The generator sfc32: small, fast, good enough for stories. */
function sfc32(seed: number): () => number {
  let a = hashText('a', seed);
  let b = hashText('b', seed);
  let c = hashText('c', seed);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex2 = (byte: number): string => HEX[byte & 255] ?? '';
const hex8 = (word: number): string => hex2(word >>> 24) + hex2(word >>> 16) + hex2(word >>> 8) + hex2(word);

function uuidOf(word: () => number): string {
  const middle = hex8((word() & 0xffff0fff) | 0x4000);
  const variant = hex8((word() & 0x3fffffff) | 0x80000000);
  return `${hex8(word())}-${middle.slice(0, 4)}-${middle.slice(4)}-${variant.slice(0, 4)}-${variant.slice(4)}${hex8(word())}`;
}

function poisson(next: () => number, mean: number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > floor; product *= next()) count += 1;
  return count;
}

export function createRandom(seed: number): Random {
  const word = sfc32(seed);
  const next = (): number => word() / 0x1_0000_0000;
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const at = <T>(items: readonly T[], index: number): T => {
    const item = items[index];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  return {
    next,
    int,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick: (items) => at(items, int(0, items.length - 1)),
    weighted(items) {
      const total = items.reduce((sum, [, weight]) => sum + weight, 0);
      let left = next() * total;
      const found = items.find(([, weight]) => (left -= weight) < 0);
      return (found ?? at(items, items.length - 1))[0];
    },
    sample(items, count) {
      const pool = [...items];
      const size = Math.min(count, pool.length);
      for (let index = 0; index < size; index += 1) {
        const other = int(index, pool.length - 1);
        const kept = at(pool, index);
        pool[index] = at(pool, other);
        pool[other] = kept;
      }
      return pool.slice(0, size);
    },
    poisson: (mean) => poisson(next, mean),
    gauss: (mean, deviation) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    uuid: () => uuidOf(word),
    fork: (name) => createRandom(hashText(name, seed)),
  };
}

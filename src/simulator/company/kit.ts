// Owns the devices of a person: which they have on a day, when one is replaced, what they borrow.
import type { Random } from '../random.ts';
import { ANDROID_MODELS, type Device, IOS_VERSIONS, type Product } from './agents.ts';

export type Slot = 'work' | 'phone' | 'home';

/** Each list by day of purchase, ascending; the first device is there from the beginning. `home` may be empty. */
export type Kit = Record<Slot, { fromDay: number; device: Device }[]>;

const WORK_PRODUCTS: readonly (readonly [Product, number])[] = [
  ['desktop_windows', 40],
  ['desktop_mac', 17],
  ['chrome_windows', 14],
  ['chrome_mac', 7],
  ['chrome_linux', 5],
  ['yandex_windows', 8],
  ['edge_windows', 3],
  ['firefox_windows', 3],
  ['firefox_linux', 3],
];
const HOME_PRODUCTS: readonly (readonly [Product, number])[] = [
  ['chrome_windows', 40],
  ['desktop_windows', 18],
  ['safari_mac', 14],
  ['yandex_windows', 16],
  ['chrome_mac', 12],
];
/** Within a season. */
const REPLACED = { work: 0.1, phone: 0.13, home: 0.06 } as const satisfies Record<Slot, number>;
const HAS_HOME_DEVICE = 0.4;

function createDevice(slot: Slot, random: Random): Device {
  const lagDays = random.int(0, 9);
  if (slot !== 'phone') {
    return { product: random.weighted(slot === 'work' ? WORK_PRODUCTS : HOME_PRODUCTS), model: '', lagDays };
  }
  return random.chance(0.48)
    ? { product: 'ios', model: random.pick(IOS_VERSIONS), lagDays }
    : { product: 'android', model: random.pick(ANDROID_MODELS), lagDays };
}

export function createKit(random: Random, days: number): Kit {
  const devices = (slot: Slot): Kit[Slot] => {
    const first = { fromDay: Number.NEGATIVE_INFINITY, device: createDevice(slot, random) };
    if (!random.chance(REPLACED[slot])) return [first];
    return [first, { fromDay: random.int(1, days), device: createDevice(slot, random) }];
  };
  return {
    work: devices('work'),
    phone: devices('phone'),
    home: random.chance(HAS_HOME_DEVICE) ? devices('home') : [],
  };
}

/** What is in the slot on `day`; for an empty slot, the work computer. */
export function deviceOn(kit: Kit, slot: Slot, day: number): Device {
  const found = kit[slot].findLast(({ fromDay }) => fromDay <= day) ?? kit.work[0];
  if (found === undefined) throw new RangeError('everybody has a work computer');
  return found.device;
}

export const isNewOn = (kit: Kit, slot: Slot, day: number): boolean => kit[slot].some(({ fromDay }) => fromDay === day);

/** Somebody else's computer, or another browser. */
export function borrowed(random: Random): Device {
  return createDevice(random.chance(0.5) ? 'work' : 'home', random);
}

// Owns which address and client a person shows at a moment: office, home, phone network, hotel, VPN.
import { agentOn, type Releases } from './agents.ts';
import type { Calendar } from './calendar.ts';
import { deviceOn, type Slot } from './kit.ts';
import type { Person } from './person.ts';
import { COMPANY_VPN, CUSTOMER_BLOCKS, NEW_OFFICE_EGRESS, OFFICES } from './places.ts';
import type { Source } from './recorder.ts';

/** `outside`: on the way, through the phone network. `visit`: at a customer's. */
export type Place = 'office' | 'home' | 'trip' | 'cafe' | 'visit' | 'outside';

/** What changes for everybody on some day. */
export interface WorldEvents extends Releases {
  /** The main office moves: other addresses from this day on. */
  officeMoveDay: number | undefined;
  /** Everybody is in the main office, behind one address. */
  gatheringDay: number | undefined;
}

export interface Whereabouts {
  place(person: Person, day: number): Place;
  from(person: Person, slot: Slot, day: number, place: Place): Source;
}

/** Where those work who are not in the office. */
const ELSEWHERE: readonly (readonly [Place, number])[] = [
  ['home', 88],
  ['cafe', 7],
  ['outside', 5],
];

const within = (day: number, { from, to }: { from: number; to: number }): boolean => day >= from && day <= to;

/** A number below `limit` that stays the same for a person, a day and a turn. */
function mixed(id: number, day: number, turn: number, limit: number): number {
  let hash = Math.imul(id, 0x9e3779b1) ^ Math.imul(day + 1, 0x85ebca77) ^ Math.imul(turn, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
  return ((hash ^ (hash >>> 13)) >>> 0) % limit;
}

/** Whoever is seen in the office on such a day is nowhere else on it. */
function isOfficeDay(world: WorldEvents, { office }: Person, day: number): boolean {
  if (day === world.gatheringDay) return true;
  return office !== undefined && (day === world.officeMoveDay || day === world.forcedDesktopDay);
}

function officeIp(world: WorldEvents, person: Person, day: number): string {
  const moved = world.officeMoveDay !== undefined && day >= world.officeMoveDay;
  const main = moved ? NEW_OFFICE_EGRESS : OFFICES[0].egress;
  if (day === world.gatheringDay) return main[0];
  const egress = person.office === undefined || person.office === OFFICES[0] ? main : person.office.egress;
  // Mostly the same exit, as load balancers keep it.
  return egress[(person.user.id + (person.random.chance(0.1) ? 1 : 0)) % egress.length] ?? main[0];
}

function homeIp({ home, user, random }: Person, day: number): string {
  const lease = home.leases.findLast(({ fromDay }) => fromDay <= day) ?? home.leases[0];
  if (home.v6 === undefined || random.chance(0.4)) return lease?.ip ?? '95.24.0.1';
  // A privacy address: another one every day.
  const groups = [1, 2, 3, 4].map((part) => (0x100 + mixed(user.id, day, part, 0xfe00)).toString(16));
  return `${home.v6}:${groups.join(':')}`;
}

/** Behind the carrier's NAT: up to three addresses a day, from networks that the carrier uses around here. */
function mobileIp({ user, random, carrierPrefixes }: Person, day: number): string {
  const turn = random.int(1, 3);
  const prefix = carrierPrefixes[mixed(user.id, day, turn, carrierPrefixes.length)] ?? '83.220';
  return `${prefix}.${mixed(user.id, day, turn + 4, 256)}.${1 + mixed(user.id, day, turn + 8, 254)}`;
}

function cafeIp({ user, cafes }: Person, day: number): string {
  const favourite = mixed(user.id, day, 1, 10) < 6;
  const cafe = favourite ? 0 : mixed(user.id, day, 2, cafes.length);
  return `${cafes[cafe] ?? '5.228'}.${(user.id + cafe) % 250}.${20 + cafe}`;
}

function customerIp({ user }: Person, day: number): string {
  const block = CUSTOMER_BLOCKS[mixed(user.id, day, 1, CUSTOMER_BLOCKS.length)] ?? 46;
  return `${block}.${mixed(user.id, day, 2, 250)}.${mixed(user.id, day, 3, 250)}.2`;
}

/** The address that `person` shows at `place` with what is in `slot`. */
function addressOf(world: WorldEvents, person: Person, slot: Slot, day: number, place: Place): string {
  const { random } = person;
  const isPhone = slot === 'phone';
  if (isPhone && person.privateVpn !== undefined && random.chance(0.1)) return person.privateVpn;
  if (place === 'outside' || (isPhone && random.chance(0.3))) return mobileIp(person, day);
  if (place === 'office') return officeIp(world, person, day);
  if (!isPhone && person.companyVpn && random.chance(0.8)) return COMPANY_VPN[person.user.id % 2] ?? COMPANY_VPN[0];
  if (place === 'cafe') return cafeIp(person, day);
  if (place === 'visit') return customerIp(person, day);
  const trip = person.trips.find((candidate) => within(day, candidate));
  if (place === 'trip' && trip !== undefined) return `${trip.prefix}.${trip.from % 200}.${10 + (trip.from % 60)}`;
  return homeIp(person, day);
}

export function createWhereabouts(world: WorldEvents, calendar: Calendar): Whereabouts {
  return {
    place(person, day) {
      if (person.trips.some((trip) => within(day, trip))) return 'trip';
      if (isOfficeDay(world, person, day)) return 'office';
      if (calendar.isWeekend(day) && !person.nightShift) return 'home';
      if (person.user.department === 'Продажи' && person.random.chance(0.05)) return 'visit';
      if (person.random.chance(person.officeShare)) return 'office';
      return person.random.weighted(ELSEWHERE);
    },
    from: (person, slot, day, place) => ({
      ip: addressOf(world, person, slot, day, place),
      agent: agentOn(deviceOn(person.kit, slot, day), day, world),
    }),
  };
}

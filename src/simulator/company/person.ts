// Owns what is known of one person: who, where, with what, and when they work.
import type { SimUser } from '../model.ts';
import type { Random } from '../random.ts';
import { createKit, type Kit } from './kit.ts';
import { CAFE_PREFIXES, CARRIERS, HOME_PROVIDERS, OFFICES, PRIVATE_VPN_PREFIXES, TRIP_PREFIXES } from './places.ts';

export type Office = (typeof OFFICES)[number];

/** First and last day, both included. */
export interface Days {
  from: number;
  to: number;
}

export interface Person {
  user: SimUser;
  random: Random;
  office: Office | undefined;
  offsetHours: number;
  /** Share of workdays that are spent in the office. */
  officeShare: number;
  /** Usual begin of work, local hour. */
  beginHour: number;
  nightShift: boolean;
  twoFactor: boolean;
  home: Home;
  carrierPrefixes: readonly string[];
  kit: Kit;
  /** Logs in now and then with somebody else's computer. */
  borrows: boolean;
  /** Connects to the company's network when at home. */
  companyVpn: boolean;
  privateVpn: string | undefined;
  /** Where this person goes with a laptop when neither office nor home will do: first the favourite. */
  cafes: readonly string[];
  trips: (Days & { prefix: string })[];
  away: Days[];
  /** Days on which the account exists and is in use. */
  employed: Days;
}

export interface Home {
  /** By day of change, ascending; the first holds from the beginning. */
  leases: { fromDay: number; ip: string }[];
  /** First half of the address, where the provider has IPv6. */
  v6: string | undefined;
}

export const hostIn = (prefix: string, random: Random): string =>
  `${prefix}.${random.int(0, 255)}.${random.int(1, 254)}`;

/** Some lines have a fixed address; the others get a new one every few days, mostly from the same network. */
function home(random: Random, days: number): Home {
  const provider = random.pick(HOME_PROVIDERS);
  const prefix = random.pick(provider.prefixes);
  const leases = [{ fromDay: 0, ip: hostIn(prefix, random) }];
  if (random.chance(0.6)) {
    const longest = random.pick([1, 3, 8, 20]);
    for (let day = random.int(1, longest); day <= days; day += random.int(1, longest)) {
      const next = random.chance(0.8) ? prefix : random.pick(provider.prefixes);
      leases.push({ fromDay: day, ip: hostIn(next, random) });
    }
  }
  const site = `${random.int(1, 0xffff).toString(16)}:${random.int(1, 0xffff).toString(16)}`;
  const v6 = provider.v6 !== undefined && random.chance(0.6) ? `${provider.v6}:${site}` : undefined;
  return { leases, v6 };
}

export type TravelLevel = 'none' | 'low' | 'normal' | 'high';
const TRAVELLERS = { none: 0, low: 0.06, normal: 0.16, high: 0.4 } as const satisfies Record<TravelLevel, number>;

function trips(random: Random, days: number, level: TravelLevel): Person['trips'] {
  if (!random.chance(TRAVELLERS[level])) return [];
  const count = level === 'high' ? random.int(2, 5) : random.int(1, 2);
  return Array.from({ length: count }, () => {
    const from = random.int(2, days);
    return { from, to: from + random.int(0, 3), prefix: random.pick(TRIP_PREFIXES) };
  });
}

export interface PersonOptions {
  days: number;
  travel: TravelLevel;
  twoFactorShare: number;
}

/** Habits of `user`, drawn from a stream of the person's own. */
export function createPerson(user: SimUser, random: Random, options: PersonOptions): Person {
  const office = random.weighted(OFFICES.map((place) => [place, place.weight] as const));
  const remote = random.chance(0.3);
  const carrier = random.pick(CARRIERS);
  const holiday = random.int(5, options.days);
  return {
    user,
    random,
    office: remote ? undefined : office,
    offsetHours: office.offsetHours,
    officeShare: remote ? 0 : random.pick([0.2, 0.4, 0.6, 0.6, 0.8]),
    beginHour: random.gauss(9.4, 0.7),
    nightShift: false,
    twoFactor: random.chance(options.twoFactorShare),
    home: home(random, options.days),
    carrierPrefixes: random.sample(carrier.prefixes, random.int(2, 3)),
    kit: createKit(random, options.days),
    borrows: true,
    companyVpn: random.chance(remote ? 0.3 : 0.1),
    privateVpn: random.chance(0.05) ? hostIn(random.pick(PRIVATE_VPN_PREFIXES), random) : undefined,
    cafes: random.sample(CAFE_PREFIXES, 4),
    trips: trips(random, options.days, options.travel),
    away: random.chance(0.5) ? [{ from: holiday, to: holiday + random.pick([6, 6, 13]) }] : [],
    employed: { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY },
  };
}

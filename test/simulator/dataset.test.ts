// Tests the demo company: documented events, a plausible life, the same from the same seed; and plain events.
import { describe, expect, test } from 'vitest';
import { buildCompany } from '../../src/simulator/dataset.ts';
import type { Company, SimEvent } from '../../src/simulator/model.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { DETAILS } from './details.ts';
import { END, eventSchema, START } from './wire-client.ts';
import { demo, full, NOW, small } from '../support/companies.ts';

const DAY_MS = 86_400_000;

const keysOf = (company: Company): Set<string> => new Set(company.events.map((event) => event.event_key));
const isDocumented = (event: SimEvent): boolean => Object.hasOwn(DETAILS, event.event_key);

test.each(['06', '10', '14'])('at %s:00 nobody has come or gone of whom the log does not tell', (hour) => {
  // Many people, so that somebody comes and somebody goes every day.
  const now = Date.parse(`2026-10-20T${hour}:00:00Z`);
  const { users, events } = buildCompany({ seed: 4, now, people: 1500, days: 4, activityPerDay: 0.2 });
  const listed = new Set(users.map(({ id }) => String(id)));
  const deleted = new Set(
    events.filter(({ event_key: key }) => key === 'user_deleted').map((event) => event.entity_id),
  );
  const gone = events.filter((event) => event.actor_type === 'User' && !listed.has(event.actor_id));
  expect(gone.filter((event) => !deleted.has(event.actor_id))).toEqual([]);
  expect(users.filter(({ created_at: createdAt }) => Date.parse(createdAt) > now)).toEqual([]);
});

describe('the demo company', () => {
  test('has some hundreds of people and about 100,000 events in 90 days that end now', () => {
    expect(demo.events.length).toBeGreaterThan(90_000);
    expect(demo.events.length).toBeLessThan(120_000);
    expect(demo.users.length).toBeGreaterThan(300);
    expect(Date.parse(demo.events.at(0)?.created_at ?? '')).toBeGreaterThanOrEqual(NOW - 90 * DAY_MS);
    const last = Date.parse(demo.events.at(-1)?.created_at ?? '');
    expect(last).toBeLessThanOrEqual(NOW);
    expect(last).toBeGreaterThan(NOW - 3_600_000);
  });

  test('every event has the documented fields and, for its key, the documented details', () => {
    const wrong = demo.events.filter((event) => {
      const details = DETAILS[event.event_key];
      return (
        !eventSchema.safeParse(event).success || (details !== undefined && !details.safeParse(event.details).success)
      );
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test('people have the role that the log gave them last', () => {
    const last = new Map<string | null, unknown>();
    for (const { event_key: key, entity_id: id, details } of demo.events) {
      if (key === 'user_role_changed') last.set(id, details?.['new_company_role']);
    }
    const changed = demo.users.filter(({ id }) => last.has(String(id)));
    expect(changed.map(({ role }) => role)).toContain('guest');
    for (const { id, role } of changed) expect([id, role]).toEqual([id, last.get(String(id))]);
  });

  test('all 45 keys are there, whatever the seed, and a key that came later', () => {
    for (const seed of [1, 7, 23]) {
      const keys = keysOf(seed === 1 ? demo : buildCompany({ seed, now: NOW, people: 60, incidents: 'none' }));
      expect(Object.keys(DETAILS).filter((key) => !keys.has(key))).toEqual([]);
    }
    expect(demo.events.some((event) => !isDocumented(event))).toBe(true);
  });

  test('events are ordered by time and id, and no id comes twice', () => {
    const places = demo.events.map((event) => `${event.created_at} ${event.id}`);
    expect(places).toEqual(places.toSorted());
    expect(new Set(demo.events.map((event) => event.id)).size).toBe(demo.events.length);
  });

  test('has an owner, administrators, guests, bots, suspended people and two of one name', () => {
    const { users } = demo;
    expect(users.find((user) => user.id === demo.ownerId)).toMatchObject({ id: 1000, role: 'owner' });
    expect(users.find((user) => user.id === 1001)).toMatchObject({ role: 'admin' });
    for (const role of ['admin', 'user', 'guest', 'multi_guest'])
      expect(users.some((user) => user.role === role)).toBe(true);
    expect(users.some((user) => user.bot)).toBe(true);
    expect(users.some((user) => user.suspended)).toBe(true);
    const namesakes = users.filter((user) => `${user.first_name} ${user.last_name}` === 'Иван Петров');
    expect(namesakes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(users.map((user) => user.id)).size).toBe(users.length);
  });

  test('holds what a reader must survive: nulls, cut clients, both address families, hostile text', () => {
    const text = JSON.stringify(demo.events);
    const has = (fits: (event: SimEvent) => boolean): boolean => demo.events.some((event) => fits(event));
    expect(has((event) => event.details === null)).toBe(true);
    expect(has((event) => event.ip_address === null && event.user_agent === null)).toBe(true);
    expect(has((event) => event.user_agent?.length === 255)).toBe(true);
    expect(has((event) => event.ip_address?.includes(':') === true)).toBe(true);
    const wanted = [
      '\u202e',
      '=cmd|',
      'Ignore all previous',
      'предыдущие указания',
      '\\r\\n',
      '👨‍👩‍👧‍👦',
      '🇷🇺',
      '\u{E0001}',
      'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0',
    ];
    expect(wanted.filter((hostile) => !text.includes(hostile))).toEqual([]);
  });

  test('works by day, rests at night and at the weekend, and has a night shift', () => {
    const written = demo.events.filter(
      (event) => event.event_key === 'message_created' && Number(event.actor_id) < 9000,
    );
    const inMoscow = written.map((event) => new Date(Date.parse(event.created_at) + 3 * 3_600_000));
    const share = (fits: (time: Date) => boolean): number =>
      inMoscow.filter((time) => fits(time)).length / written.length;
    expect(share((time) => time.getUTCHours() >= 8 && time.getUTCHours() < 20)).toBeGreaterThan(0.8);
    expect(share((time) => [0, 6].includes(time.getUTCDay()))).toBeLessThan(0.08);
    expect(share((time) => time.getUTCHours() >= 1 && time.getUTCHours() < 5)).toBeGreaterThan(0.002);
  });
});

describe('the same seed', () => {
  test('gives the same company, another seed another one', () => {
    const again = buildCompany({ seed: 3, now: NOW, people: 40, incidents: 'none', travel: 'high' });
    expect(again).toEqual(small);
    const other = buildCompany({ seed: 4, now: NOW, people: 40, incidents: 'none', travel: 'high' });
    expect(other.events.map((event) => event.id)).not.toEqual(small.events.map((event) => event.id));
  });

  test.each([1, 3, 6])('people log in about as often as is asked for: %d times a workday', (loginsPerDay) => {
    const { events } = buildCompany({
      seed: 3,
      now: NOW,
      people: 40,
      days: 28,
      incidents: 'none',
      benign: false,
      loginsPerDay,
    });
    const logins = events.filter(({ event_key: key }) => key === 'user_login').length;
    const workdays = 40 * 20;
    expect(logins / workdays).toBeGreaterThan(0.8 * loginsPerDay);
    expect(logins / workdays).toBeLessThan(1.2 * loginsPerDay);
  });

  test('more people bring more events; fewer than 40 are no company', () => {
    expect(full.events.length).toBeGreaterThan(small.events.length * 1.5);
    expect(() => buildCompany({ seed: 1, now: NOW, people: 12 })).toThrow(/40 people/);
  });
});

describe('plain events', () => {
  test('come in any number, in order of time, inside the window', () => {
    const events = [...plainEvents({ count: 5000, startMs: START, endMs: END, keys: 'auth' })];
    expect(events).toHaveLength(5000);
    expect(events.map((event) => event.created_at)).toEqual(events.map((event) => event.created_at).toSorted());
    expect(Date.parse(events.at(-1)?.created_at ?? '')).toBeLessThan(END);
    expect(new Set(events.map((event) => event.event_key)).size).toBe(4);
  });

  test('uneven ones lie nine in ten in one hour', () => {
    const month = { count: 10_000, startMs: START, endMs: START + 30 * DAY_MS };
    const hours = new Map<number, number>();
    for (const event of plainEvents({ ...month, density: 'uneven' })) {
      const hour = Math.floor((Date.parse(event.created_at) - START - 1_800_000) / 3_600_000);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    expect(Math.max(...hours.values())).toBeGreaterThan(8900);
    expect(hours.size).toBeGreaterThan(400);
  });
});

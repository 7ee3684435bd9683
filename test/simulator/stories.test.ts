// Tests the stories of a company: planted incidents, and harmless ones that look like them.
import { describe, expect, test } from 'vitest';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { byTimeAndId, type SimEvent } from '../../src/simulator/model.ts';
import { INCIDENT_KINDS } from '../../src/simulator/stories.ts';
import { must } from './wire-client.ts';
import { demo, full, NOW, small } from '../support/companies.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('incidents', () => {
  test.each([
    ['demo', demo],
    ['full', full],
  ])('of the %s company name events of the log, each in one story only', (_, company) => {
    const byId = new Map(company.events.map((event) => [event.id, event]));
    const told = [...company.incidents, ...company.benign].flatMap((story) => story.event_ids);
    expect(told.filter((id) => !byId.has(id))).toEqual([]);
    expect(new Set(told).size).toBe(told.length);
    for (const incident of company.incidents) {
      const events = incident.event_ids.map((id) => must(byId.get(id)));
      expect(events).toEqual(events.toSorted(byTimeAndId));
      expect([events.at(0)?.created_at, events.at(-1)?.created_at]).toEqual([incident.first_at, incident.last_at]);
      expect(incident.summary.length).toBeGreaterThan(20);
    }
  });

  test('in the demo lie in the last two weeks, the most telling ones in the last', () => {
    const since = (days: number): string => new Date(NOW - days * DAY_MS).toISOString();
    expect(demo.incidents.every((incident) => incident.first_at > since(15))).toBe(true);
    const lastWeek = new Set(demo.incidents.filter((incident) => incident.first_at > since(7)).map(({ kind }) => kind));
    const telling = [
      'two_factor_breakthrough',
      'two_factor_spray',
      'scripted_client',
      'new_network_and_client',
      'takeover_chain',
    ];
    expect(telling.filter((kind) => !lastWeek.has(kind))).toEqual([]);
    expect(new Set(demo.incidents.map((incident) => incident.kind)).size).toBeGreaterThan(25);
  });

  test('cover every kind as often as asked for, after a month of quiet; or none', () => {
    const kinds = full.incidents.map((incident) => incident.kind);
    for (const kind of Object.keys(INCIDENT_KINDS)) expect(kinds.filter((name) => name === kind)).toHaveLength(2);
    const quiet = new Date(NOW - 62 * DAY_MS).toISOString();
    expect(full.incidents.every((incident) => incident.first_at > quiet)).toBe(true);
    expect(small.incidents).toEqual([]);
  });

  test('are the only way in which a deleted account acts', () => {
    const planted = new Set(full.incidents.flatMap((incident) => incident.event_ids));
    const goneAt = new Map<string, string>();
    const ghosts: SimEvent[] = [];
    for (const event of full.events) {
      const gone = goneAt.get(event.actor_id);
      if (gone !== undefined && event.created_at > gone && !planted.has(event.id)) ghosts.push(event);
      if (event.event_key === 'user_deleted') goneAt.set(event.entity_id, event.created_at);
    }
    expect(ghosts).toEqual([]);
    expect(full.incidents.filter((incident) => incident.kind === 'deleted_account_active')).toHaveLength(2);
  });
});

describe('harmless stories', () => {
  test('are told in every company that wants them', () => {
    const names = [
      'office_move',
      'app_update',
      'shared_address',
      'travelling_salesman',
      'new_laptop',
      'night_shift',
      'two_factor_typos',
      'new_hires',
      'offboarding_day',
    ];
    for (const company of [demo, full, small]) {
      expect(company.benign.map((story) => story.story)).toEqual(expect.arrayContaining(names));
    }
    expect(buildCompany({ seed: 1, now: NOW, people: 40, benign: false }).benign).toEqual([]);
  });

  test('the shared address has hundreds of people behind it within the hour', () => {
    const story = demo.benign.find(({ story }) => story === 'shared_address');
    const events = demo.events.filter((event) => story?.event_ids.includes(event.id));
    expect(new Set(events.map((event) => event.ip_address)).size).toBe(1);
    expect(story?.actor_ids.length).toBeGreaterThan(200);
  });

  test('who is in the office for a story works nowhere else within the hour', () => {
    const isDesk = ({ user_agent: agent }: SimEvent) =>
      agent?.startsWith('Mozilla/') && !/iPhone|iPad|Android/.test(agent);
    const isNear = (a: SimEvent, b: SimEvent) =>
      Math.abs(Date.parse(a.created_at) - Date.parse(b.created_at)) <= HOUR_MS;
    const netOf = (event: SimEvent) => event.ip_address?.split('.').slice(0, 2).join('.');
    for (const company of [demo, full, small]) {
      const ids = new Set(
        company.benign
          .filter(({ story }) => ['office_move', 'app_update', 'shared_address'].includes(story))
          .flatMap(({ event_ids }) => event_ids),
      );
      const inStory = new Map<string, SimEvent[]>();
      for (const event of company.events.filter(({ id }) => ids.has(id))) {
        inStory.set(event.actor_id, [...(inStory.get(event.actor_id) ?? []), event]);
      }
      const elsewhere = company.events.filter((other) => {
        const own = inStory.get(other.actor_id) ?? [];
        return isDesk(other) && own.some((event) => isNear(event, other) && netOf(event) !== netOf(other));
      });
      expect(elsewhere).toEqual([]);
    }
  });
});

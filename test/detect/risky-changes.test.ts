// Tests what holds for every rule on risky changes: tables, words, order, repeats, odd events.
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  property,
  record,
  shuffledSubarray,
  tuple,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { EVENT_KEYS } from '../../src/audit/event-keys.ts';
import type { Signal } from '../../src/detect/detector.ts';
import { runDetectors } from '../../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../../src/detect/index.ts';
import { changeRun, HEAVY_KEY_GROUPS, RISKY_CHANGE_DETECTORS } from '../../src/detect/risky-changes.ts';
import { CHANGE_RULES } from '../../src/detect/rule-ids.ts';
import { WORDING, wordingOf } from '../../src/detect/wording.ts';
import { CHANGE_SAMPLES } from './support/change-samples.ts';
import { act, judge } from './support/changes.ts';
import { DAY, HOME, LINUX_FIREFOX, OFFICE, STRANGE, WINDOW } from './support/events.ts';

describe.each(RISKY_CHANGE_DETECTORS)('$rule', ({ rule, code, severity, eventKeys, params, logic, blindSpots }) => {
  const place = RISKY_CHANGE_DETECTORS.map((detector) => detector.rule).indexOf(rule);
  const sample = Object.entries(CHANGE_SAMPLES).find(([key]) => key === rule)?.[1] ?? [];

  test('stands in the table of rules at its place, and reads keys that exist', () => {
    expect(Object.entries(CHANGE_RULES)[place]).toEqual([rule, code]);
    expect(eventKeys.length).toBeGreaterThan(0);
    expect(EVENT_KEYS).toEqual(expect.arrayContaining([...eventKeys]));
    expect(['low', 'medium', 'high', 'critical']).toContain(severity);
  });

  test('says its logic with parameters that it has, and its blind spots, in both languages', () => {
    for (const text of [logic.en, logic.ru]) {
      const named = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      expect(Object.keys(params)).toEqual(expect.arrayContaining(named));
      expect(text.length).toBeGreaterThan(40);
    }
    expect(blindSpots.en.length).toBeGreaterThan(20);
    expect(blindSpots.ru).toMatch(/[а-я]{4}/);
  });

  test.each(['en', 'ru'] as const)('its sample is found, and its sentences are whole (%s)', (lang) => {
    const { findings } = judge(sample, undefined, { lang });
    const finding = findings.find((one) => one.rule === rule || one.also.includes(rule));
    expect(finding).toBeDefined();
    const alone = judge(sample, [rule], { lang });
    expect(alone.findings.map((one) => one.rule)).toContain(rule);
    for (const { why, title, attack } of alone.findings) {
      expect(`${title} ${why}`).not.toMatch(/\*\*\*|[{}]|undefined|NaN/);
      expect(attack.length).toBeGreaterThan(0);
    }
  });

  test('finds nothing in nothing, and nothing in events without details, actors or addresses', () => {
    expect(judge([], [rule]).findings).toEqual([]);
    const bare: AuditEvent[] = eventKeys.map((key, index) => ({
      id: `bare-${index}`,
      created_at: new Date(WINDOW.startMs + index * 1000).toISOString(),
      event_key: key,
    }));
    const { findings } = judge(bare, [rule]);
    // Who reads the log without a name is a stranger all the same.
    expect(findings.map((one) => one.rule)).toEqual(rule === 'audit_log_stranger' ? [rule] : []);
  });
});

describe('all rules together', () => {
  const places = constantFrom(
    { ip: HOME },
    { ip: OFFICE },
    { ip: STRANGE, ua: LINUX_FIREFOX },
    { ip: STRANGE, ua: 'curl/8.4.0' },
    { ip: null, ua: null },
  );
  const details = constantFrom<Record<string, unknown>>(
    {},
    { public_access: true },
    { public_access: false },
    { inviter_id: 2 },
    { scopes: ['messages:read'], client_id: 'wiki' },
    { previous_company_role: 'user', new_company_role: 'admin', initiator_id: 2 },
    { previous_company_role: 'admin', new_company_role: 'user', initiator_id: 1 },
    { changed_attrs: ['email'], reason: 'message', dlp_rule_id: 7, user_id: 1 },
    { query_present: false, cursor_present: true, limit: 100, chat_id: 9 },
    { added_scopes: ['bots:write'], changes: { outgoing_url: { previous: null, new: 'https://a.example/' } } },
  );
  const one = record({
    at: integer({ min: -40, max: 300 }).map((steps) => (steps < 0 ? steps * DAY : steps * 20_000)),
    key: constantFrom(...EVENT_KEYS),
    actor: constantFrom('1', '2', '3'),
    entity: constantFrom('User:1', 'User:2', 'User:3', 'Chat:1', 'Chat:2', 'Message:1', 'AccessToken:1'),
    details,
    place: places,
  }).map(({ place, ...spec }) => act({ ...spec, ...place }));
  const samples = array(constantFrom(...Object.values(CHANGE_SAMPLES)), { maxLength: 4 });
  const streams = tuple(array(one, { maxLength: 80 }), samples)
    .map(([some, whole]) => [...new Map([...some, ...whole.flat()].map((event) => [event.id, event])).values()])
    .chain((events) =>
      tuple(
        constant(events),
        shuffledSubarray([...events], { minLength: events.length }),
        shuffledSubarray([...events]),
        boolean(),
      ),
    );
  const detectors = [...RISKY_CHANGE_DETECTORS, ...LOGIN_DETECTORS];

  /** A sentence that the wording does not have would be left out silently. */
  function expectWords({ rule, extras = [] }: Signal): void {
    expect(Object.keys(wordingOf(rule).extras ?? {})).toEqual(expect.arrayContaining([...extras]));
  }

  test('shuffled and repeated events give the same findings', () => {
    assert(
      property(streams, ([events, shuffled, repeated, first]) => {
        const options = { detectors, window: WINDOW, lang: 'en', onSignal: expectWords } as const;
        const again = first ? [...repeated, ...shuffled] : [...shuffled, ...repeated];
        expect(runDetectors(again, options)).toEqual(runDetectors(events, options));
      }),
      { numRuns: 60 },
    );
  });

  test('every sample at once is told without an event being counted twice', () => {
    const events = [
      ...new Map(
        Object.values(CHANGE_SAMPLES)
          .flat()
          .map((event) => [event.id, event]),
      ).values(),
    ];
    const { findings } = judge(events);
    const counted = findings.reduce((sum, finding) => sum + finding.event_count, 0);
    expect(counted).toBeLessThanOrEqual(events.length);
    expect(findings[0]).toMatchObject({ severity: 'critical' });
  });
});

describe('changeRun', () => {
  test('the takeover chain brings the login rules and the other change rules as its support', () => {
    const { detectors, supporting, eventKeys } = changeRun(['takeover_chain']);
    expect(detectors.map(({ rule }) => rule)).toEqual(['takeover_chain']);
    expect(supporting).toHaveLength(LOGIN_DETECTORS.length + RISKY_CHANGE_DETECTORS.length - 1);
    expect(eventKeys).toEqual(expect.arrayContaining(['user_login', 'user_2fa_fail', 'kms_decrypt']));
  });

  test('another rule alone reads its own keys alone', () => {
    expect(changeRun(['destruction_burst'])).toMatchObject({
      supporting: [],
      eventKeys: ['message_deleted', 'message_updated', 'tag_deleted'],
    });
  });

  test('no rule reads every message that was written', () => {
    expect(changeRun().eventKeys).not.toContain('message_created');
    expect(changeRun().eventKeys).toEqual(expect.arrayContaining(HEAVY_KEY_GROUPS.flat()));
  });
});

describe('WORDING', () => {
  test('has a title and at least one harmless reading for every rule in both languages', () => {
    for (const { title, benign } of Object.values(WORDING)) {
      expect(title.en).not.toBe('');
      expect(title.ru).toMatch(/[А-Яа-я]/);
      expect(benign.en.length).toBe(benign.ru.length);
      expect(benign.en.length).toBeGreaterThan(0);
    }
  });
});

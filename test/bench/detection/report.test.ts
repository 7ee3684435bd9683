// Tests recall, precision and price: what counts as found and as a false alarm.
import { describe, expect, test } from 'vitest';
import type { Judged, Labelled } from '../../../bench/detection/labelled.ts';
import { figuresOf, rulesOf, sumOf } from '../../../bench/detection/report.ts';
import type { AuditEvent } from '../../../src/audit/event.ts';
import type { Finding, Severity } from '../../../src/detect/detector.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const DAY_MS = 86_400_000;
const at = (day: number) => new Date(START + day * DAY_MS).toISOString();

function event(id: string, day: number, actor_id = '1'): AuditEvent {
  return { id, created_at: at(day), event_key: 'user_login', actor_id };
}

function finding(
  severity: Severity,
  event_ids: string[],
  span: { from: number; to: number; actors?: string[] },
): Finding {
  return {
    id: event_ids.join(),
    rule: 'login_risk',
    also: [],
    title: '',
    severity,
    actor_ids: span.actors ?? ['1'],
    ip_addresses: [],
    first_at: at(span.from),
    last_at: at(span.to),
    event_count: 1,
    evidence: { event_ids, query: {} },
    why: '',
    benign: [],
    attack: [],
    next: [],
  };
}

/** 70 days: 30 of warm-up and 40 that are judged. */
const data: Labelled = {
  name: 'made by hand',
  events: [
    event('first', 0),
    event('early', 10),
    event('a1', 31),
    event('a2', 32),
    event('b', 35, '2'),
    event('quiet', 40),
    event('last', 70),
  ],
  labels: [
    { incident: 'a', kind: 'grave', severity: 'high', event_ids: ['a1', 'a2'] },
    { incident: 'b', kind: 'unsaid', event_ids: ['b'] },
    { incident: 'c', kind: 'faint', severity: 'low', event_ids: ['quiet'] },
    { incident: 'd', kind: 'grave', severity: 'high', event_ids: ['early'] },
  ],
  benign: [{ incident: 'move', kind: 'move', event_ids: ['last'] }],
};

function judged(findings: Finding[]): Judged {
  return { findings, logins: [], windowMs: 40 * DAY_MS, actors: 500 };
}

describe('recall', () => {
  test('counts an incident once that a finding of medium or above carries', () => {
    const found = [finding('medium', ['a1'], { from: 31, to: 31 }), finding('high', ['a2'], { from: 32, to: 32 })];
    expect(figuresOf(rulesOf(data, judged(found)))).toMatchObject({
      found: 1,
      incidents: 2,
      recall: 0.5,
      precision: 1,
    });
  });

  test('counts an incident whose event lies in the span of a finding about the same person', () => {
    const around = finding('medium', ['other'], { from: 34, to: 36, actors: ['2'] });
    expect(rulesOf(data, judged([around])).kinds).toContainEqual({
      kind: 'unsaid',
      incidents: 1,
      found: 1,
      isLow: false,
    });
    const ofAnother = finding('medium', ['other'], { from: 34, to: 36 });
    expect(figuresOf(rulesOf(data, judged([ofAnother]))).found).toBe(0);
  });

  test('leaves out low findings, kinds that are meant to be low, and incidents of the warm-up', () => {
    const low = [finding('low', ['a1'], { from: 31, to: 31 }), finding('medium', ['quiet'], { from: 40, to: 40 })];
    const result = rulesOf(data, judged(low));
    expect(figuresOf(result)).toMatchObject({ found: 0, incidents: 2, recall: 0 });
    expect(result.unjudged).toBe(1);
    expect(result.kinds).toContainEqual({ kind: 'faint', incidents: 1, found: 1, isLow: true });
  });
});

describe('precision', () => {
  test('is the share of findings of medium and above that show an incident, of a low kind too', () => {
    const findings = [
      finding('medium', ['a1'], { from: 31, to: 31 }),
      finding('medium', ['quiet'], { from: 40, to: 40 }),
      finding('high', ['last'], { from: 70, to: 70 }),
      finding('low', ['last'], { from: 70, to: 70 }),
    ];
    const result = rulesOf(data, judged(findings));
    expect(figuresOf(result).precision).toBeCloseTo(2 / 3);
    expect(result.stories).toEqual([['move', [findings[2]]]]);
  });

  test('and recall are not there where nothing could be counted', () => {
    const nothing = figuresOf(rulesOf({ ...data, labels: [] }, judged([])));
    expect(nothing.recall).toBeUndefined();
    expect(nothing.precision).toBeUndefined();
  });
});

describe('the price', () => {
  test('is findings for 1,000 users and week', () => {
    const result = rulesOf(data, judged([finding('medium', ['last'], { from: 70, to: 70 })]));
    // 500 people for 40 days.
    expect(figuresOf(result).falseAlertsPerThousandAndWeek).toBeCloseTo(1 / (0.5 * (40 / 7)));
  });
});

test('several streams add up, a kind being grave where any of them says so', () => {
  const one = rulesOf(data, judged([finding('medium', ['a1'], { from: 31, to: 31 })]));
  const graver = { ...one, kinds: one.kinds.map((kind) => ({ ...kind, isLow: false })) };
  const sum = sumOf([one, graver]);
  expect(figuresOf(sum)).toMatchObject({ incidents: 6, found: 2 });
  expect(sum.exposure).toBeCloseTo(2 * one.exposure);
});

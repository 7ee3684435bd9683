// Tests what the signals of one incident add up to: what is counted and listed, how bad it is, and what is taken back.
import { describe, expect, test } from 'vitest';
import type { Signal } from '../../src/detect/detector.ts';
import { HOUR, OFFICE, SECOND, STRANGE, type EventSpec } from './support/events.ts';
import { merged, signal } from './support/signals.ts';

function only(...signals: Signal[]) {
  const [incident, ...others] = merged(signals);
  if (incident === undefined || others.length > 0) throw new Error('one incident');
  return incident;
}

/** So many events, a second apart. */
const many = (count: number, spec: (index: number) => Partial<EventSpec> = () => ({}), from = 0): EventSpec[] =>
  Array.from({ length: count }, (_, index) => ({ at: (from + index) * SECOND, ...spec(from + index) }));

describe('an incident', () => {
  test('counts all events, and keeps five thousand of whom and what it is about', () => {
    const found = only(
      signal(
        'failed_2fa_burst',
        many(5100, (index) => ({ ip: `198.18.${index >> 8}.${index & 255}`, actor: String(index) })),
      ),
    );
    const { actorIds, eventActorIds, addresses, entityIds, hosts } = found;
    expect(found.eventCount).toBe(5100);
    expect([actorIds, eventActorIds, addresses, entityIds, hosts].map(({ size }) => size)).toEqual([
      5000, 5000, 5000, 5000, 5000,
    ]);
  });

  test('says whether some event had no address', () => {
    expect(only(signal('failed_2fa_burst', many(2))).addressMissing).toBe(false);
    expect(only(signal('failed_2fa_burst', [...many(2), { at: HOUR, ip: null }])).addressMissing).toBe(true);
  });

  test('counts an event once, and beyond five thousand what is later than all before', () => {
    const first = signal('failed_2fa_burst', many(5000));
    expect(only(first, first).eventCount).toBe(5000);
    const more = signal('failed_2fa_burst', many(10, undefined, 5000));
    expect(only(first, more, more).eventCount).toBe(5010);
    // Of one millisecond, the greater id is the later one.
    const tied = ['y', 'z', 'x'].map((id) => signal('failed_2fa_burst', { at: 5000 * SECOND, id }));
    expect(only(first, ...tied).eventCount).toBe(5002);
    const early = signal('failed_2fa_burst', { at: 3, id: 'early' });
    expect(only(first, early).eventCount).toBe(5000);
    expect(only(signal('failed_2fa_burst', many(4999)), early).eventCount).toBe(5000);
  });

  test('begins with its oldest event, in whatever order it is told', () => {
    const found = only(
      signal('failed_2fa_burst', { at: HOUR }),
      signal('scripted_login', [{ at: 0 }, { at: HOUR, id: 'a' }]),
    );
    expect([found.first.id, found.eventCount]).toEqual(['user_login-1-0-91.10.1.7', 3]);
  });

  test('has the highest score of all', () => {
    const scores = [4, 7, 5].map((score, at) => signal('login_risk', { at }, { score }));
    expect(only(...scores).score).toBe(7);
    expect(only(signal('login_risk', { at: 0 })).score).toBeUndefined();
  });
});

describe('how bad it is', () => {
  const high = (at: number, ip = STRANGE) => signal('scripted_login', { at, ip }, { severity: 'high' });
  const back = (at: number, ip = STRANGE) => signal('scripted_login', { at, ip }, { severity: 'low', takesBack: true });
  const other = (at: number) => signal('failed_2fa_burst', { at, ip: STRANGE });

  test('is as bad as the worst that was said', () => {
    expect(only(other(0), high(1)).severity).toBe('high');
    expect(only(high(0), other(1)).severity).toBe('high');
    expect(only(high(0), signal('scripted_login', { at: 1, ip: STRANGE }, { severity: 'low' })).severity).toBe('high');
  });

  test('is what the others say once a rule took its own back, and stays so', () => {
    expect(only(high(0), back(1)).severity).toBe('low');
    expect(only(high(0), other(1), back(2)).severity).toBe('medium');
    expect(only(high(0), back(1), high(2)).severity).toBe('low');
    const low = signal('scripted_login', { at: 1, ip: STRANGE }, { severity: 'low' });
    const otherBack = signal('failed_2fa_burst', { at: 2, ip: STRANGE }, { severity: 'low', takesBack: true });
    expect(only(high(0), low, otherBack).severity).toBe('high');
  });

  test('is as bad as before where the rule took back what it said of another source', () => {
    expect(only(high(0), back(1, OFFICE)).severity).toBe('high');
    expect(only(high(0), back(1, OFFICE)).primary.takesBack).toBeUndefined();
    expect(only(back(0, OFFICE), high(1)).severity).toBe('high');
  });

  test('is told by what took it back', () => {
    expect(only(high(0), back(1)).primary.takesBack).toBe(true);
  });
});

test('a signal that tells only how large the same has grown keeps the beginning that was told', () => {
  const first = signal('failed_2fa_burst', many(3), { size: 3 });
  const grown = signal('failed_2fa_burst', { at: HOUR }, { size: 9 });
  expect(only(first, grown).primary.events.map(({ timeMs }) => timeMs - (first.events[0]?.timeMs ?? 0))).toEqual([
    0,
    HOUR,
  ]);
  const whole = signal('failed_2fa_burst', many(5), { size: 5 });
  expect(only(first, whole).primary.events).toHaveLength(5);
  const ofAnother = signal('failed_2fa_burst', { at: HOUR }, { size: 9 });
  expect(only(signal('scripted_login', many(3)), ofAnother).primary.events).toHaveLength(1);
});

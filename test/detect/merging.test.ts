// Tests the merging of signals by its bounds: how long, from where and by whom two of them are one incident, and what names it.
import { describe, expect, test } from 'vitest';
import type { Severity, Signal } from '../../src/detect/detector.ts';
import type { IncidentOptions } from '../../src/detect/incidents.ts';
import type { RuleId } from '../../src/detect/rule-ids.ts';
import { DAY, HOUR, MINUTE, OFFICE, SECOND, STRANGE, T0 } from './support/events.ts';
import { merged, signal } from './support/signals.ts';

const count = (...args: Parameters<typeof merged>): number => merged(...args).length;

describe('one person', () => {
  const elsewhere = { at: 0, ip: OFFICE };

  test.each([
    ['another rule from elsewhere', 'scripted_login', STRANGE, HOUR],
    ['the same rule from elsewhere', 'failed_2fa_burst', STRANGE, DAY],
    ['another rule from the same source', 'scripted_login', OFFICE, DAY],
    ['a change from the same source', 'chat_made_public', OFFICE, DAY],
  ] as const)('met by %s is one incident up to a span, and two beyond it', (_what, rule, ip, spanMs) => {
    const first = signal('failed_2fa_burst', elsewhere);
    const isWorkplace = () => true;
    expect(count([first, signal(rule, { at: spanMs, ip })], { isWorkplace })).toBe(1);
    expect(count([first, signal(rule, { at: spanMs + 1, ip })], { isWorkplace })).toBe(2);
  });
});

describe('two people from one source', () => {
  const two = (first: RuleId, second: RuleId, gapMs: number, options: Partial<IncidentOptions> = {}) =>
    count(
      [signal(first, { at: 0, actor: '1', ip: STRANGE }), signal(second, { at: gapMs, actor: '2', ip: STRANGE })],
      options,
    );

  test('are one incident within a day where both came in there', () => {
    expect(two('failed_2fa_burst', 'scripted_login', DAY)).toBe(1);
    expect(two('takeover_chain', 'scripted_login', DAY)).toBe(1);
    expect(two('scripted_login', 'takeover_chain', DAY)).toBe(1);
    expect(two('failed_2fa_burst', 'scripted_login', DAY + 1)).toBe(2);
    expect(two('failed_2fa_burst', 'scripted_login', MINUTE, { isWorkplace: () => true })).toBe(2);
  });

  test('are two where one of them changed something', () => {
    expect(two('failed_2fa_burst', 'chat_made_public', MINUTE)).toBe(2);
    expect(two('chat_made_public', 'failed_2fa_burst', MINUTE)).toBe(2);
  });

  test('are one where the first came in and changed something', () => {
    const first = [
      signal('chat_made_public', { at: 0, actor: '1', ip: STRANGE }),
      signal('failed_2fa_burst', { at: MINUTE, actor: '1', ip: STRANGE }),
    ];
    expect(count([...first, signal('scripted_login', { at: HOUR, actor: '2', ip: STRANGE })])).toBe(1);
  });

  test('are two where the sources are', () => {
    const other = signal('failed_2fa_burst', { at: MINUTE, actor: '2', ip: OFFICE });
    expect(count([signal('failed_2fa_burst', { at: 0, actor: '1', ip: STRANGE }), other])).toBe(2);
  });
});

test('a signal is about those whom it names, not about who did it', () => {
  const named = signal('chat_made_public', { at: 0, actor: '1', ip: OFFICE }, { actorIds: ['9'] });
  const deed = signal('scripted_login', { at: MINUTE, actor: '1', ip: STRANGE });
  const own = signal('scripted_login', { at: MINUTE, actor: '9', ip: STRANGE });
  expect(merged([named, deed]).map(({ actorIds }) => [...actorIds])).toEqual([['9'], ['1']]);
  expect(merged([named, own]).map(({ actorIds, eventActorIds }) => [[...actorIds], [...eventActorIds]])).toEqual([
    [['9'], ['1', '9']],
  ]);
  expect(count([own, signal('chat_made_public', { at: HOUR, actor: '1', ip: OFFICE }, { actorIds: ['9'] })])).toBe(1);
});

describe('the name of an incident', () => {
  const at = (atMs: number, rule: RuleId, more: Partial<Signal> = {}) => signal(rule, { at: atMs }, more);
  const named = (...signals: Signal[]) => merged(signals)[0]?.primary;

  test('is that of the worst signal, then that of the first rule', () => {
    const high: Severity = 'high';
    expect(named(at(0, 'failed_2fa_burst'), at(1, 'scripted_login', { severity: high }))?.rule).toBe('scripted_login');
    expect(named(at(0, 'scripted_login', { severity: high }), at(1, 'failed_2fa_burst'))?.rule).toBe('scripted_login');
    expect(named(at(0, 'scripted_login'), at(1, 'failed_2fa_burst'))?.rule).toBe('failed_2fa_burst');
    expect(named(at(0, 'failed_2fa_burst'), at(1, 'scripted_login'))?.rule).toBe('failed_2fa_burst');
  });

  test('of one rule is that of the highest score, else of the largest, else of the first', () => {
    const facts = { which: 'second' };
    const burst = (more: Partial<Signal>) => at(0, 'failed_2fa_burst', more);
    const second = (before: Partial<Signal>, after: Partial<Signal>) =>
      named(burst(before), at(1, 'failed_2fa_burst', { ...after, facts }))?.facts === facts;
    expect(second({ score: 5 }, { score: 6 })).toBe(true);
    expect(second({ score: 6 }, { score: 5 })).toBe(false);
    expect(second({ score: 5 }, { score: 5 })).toBe(false);
    expect(second({ size: 3 }, { size: 4 })).toBe(true);
    expect(second({ size: 4 }, { size: 3 })).toBe(false);
    expect(second({}, {})).toBe(false);
  });
});

describe('the judged window', () => {
  const window = { startMs: T0, endMs: T0 + DAY };

  test('is touched from its first millisecond to before its end', () => {
    const counts = [-1, 0, DAY - 1, DAY].map((at) => count([signal('failed_2fa_burst', { at })], { window }));
    expect(counts).toEqual([0, 1, 1, 0]);
  });

  test('is touched by what began before it and goes on', () => {
    const [found] = merged([signal('failed_2fa_burst', [{ at: -HOUR }, { at: 0 }])], { window });
    expect([found?.first.timeMs, found?.last.timeMs, found?.eventCount]).toEqual([T0 - HOUR, T0, 2]);
  });
});

test('what might have been is told, and touches nothing that was', () => {
  const real = signal('failed_2fa_burst', { at: 0 });
  const trial = signal('failed_2fa_burst', { at: MINUTE, id: 'trial-1' });
  const found = merged([real, trial, signal('scripted_login', { at: 2 * MINUTE })]);
  expect(found.map(({ eventCount }) => eventCount).toSorted((a, b) => a - b)).toEqual([1, 2]);
});

describe('two incidents that a third signal shows to be one', () => {
  const shared = { at: MINUTE, actor: '3', ip: '198.18.45.9' };
  const parts = [
    signal('scripted_login', [{ at: 0, actor: '1', ip: STRANGE }, shared], { score: 3, actorIds: ['1'] }),
    signal(
      'failed_2fa_burst',
      [
        shared,
        { at: 2 * MINUTE, actor: '2', ip: '198.18.46.9' },
        { at: 3 * MINUTE, actor: '2', ip: null, key: 'user_2fa_fail' },
      ],
      { score: 4, severity: 'high', actorIds: ['2', '4'] },
    ),
  ];
  // Of people who work there: the two are apart until both are named at once.
  const isWorkplace = () => true;
  const joined = (named: readonly string[], ...later: Signal[]) => {
    const joining = signal('scripted_login', { at: 90 * SECOND, actor: '1', ip: STRANGE }, { actorIds: named });
    return merged([...parts, joining, ...later], { isWorkplace });
  };

  test('are two until then', () => {
    expect(count(parts, { isWorkplace })).toBe(2);
  });

  // The one that is found first takes the other in.
  test.each([[['1', '2']], [['2', '1']]])('are added up, what both told once (%j)', (named) => {
    const found = joined(named);
    expect(found).toHaveLength(1);
    const [one] = found;
    expect(one).toMatchObject({ severity: 'high', eventCount: 5, score: 4, addressMissing: true });
    expect(one?.primary.rule).toBe('failed_2fa_burst');
    expect([one?.first.timeMs, one?.last.timeMs]).toEqual([T0, T0 + 3 * MINUTE]);
    expect(one?.actorIds).toEqual(new Set(['1', '2', '4']));
    expect(one?.eventActorIds).toEqual(new Set(['1', '2', '3']));
    expect(one?.entityIds).toEqual(new Set(['1', '2', '3']));
    expect(one?.addresses).toEqual(new Set([STRANGE, '198.18.45.9', '198.18.46.9']));
    expect(one?.rules).toEqual(new Set(['failed_2fa_burst', 'scripted_login']));
    expect(one?.eventKeys).toEqual(new Set(['user_2fa_fail', 'user_login']));
  });

  test.each([[['1', '2']], [['2', '1']]])(
    'are found by what led to either, and know what either told (%j)',
    (named) => {
      const byPerson = signal('chat_made_public', { at: 4 * MINUTE, actor: '4', ip: OFFICE });
      const bySource = ['198.18.46.9', STRANGE].map((ip) =>
        signal('chat_made_public', { at: 5 * HOUR, ip, actor: ip === STRANGE ? '1' : '4' }),
      );
      expect(joined(named, byPerson).map(({ eventCount }) => eventCount)).toEqual([6]);
      for (const later of bySource) expect(joined(named, later).map(({ eventCount }) => eventCount)).toEqual([6]);
      expect(joined(named, ...parts).map(({ eventCount }) => eventCount)).toEqual([5]);
    },
  );
});

// Tests that login rules do not depend on the order, repeats and batches in which events come.
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
import { compareEvents, type AuditEvent } from '../../src/audit/event.ts';
import { createEngine, runDetectors, type EngineOptions } from '../../src/detect/engine.ts';
import { LOGIN_DETECTORS } from '../../src/detect/index.ts';
import { changeRun, RISKY_CHANGE_DETECTORS } from '../../src/detect/risky-changes.ts';
import { CHANGE_SAMPLES } from './support/change-samples.ts';
import { event, history, HOME, LINUX_FIREFOX, OFFICE, SECOND, STRANGE, WINDOW } from './support/events.ts';
import { LOGIN_SAMPLES } from './support/login-samples.ts';

const ALL = [...LOGIN_DETECTORS, ...RISKY_CHANGE_DETECTORS];
const SAMPLES: Readonly<Record<string, readonly AuditEvent[]>> = { ...LOGIN_SAMPLES, ...CHANGE_SAMPLES };
const allSamples = Object.values(SAMPLES);

function optionsFor(rule: string): EngineOptions {
  const detectors = ALL.filter((detector) => detector.rule === rule);
  const supporting = rule === 'takeover_chain' ? changeRun(['takeover_chain']).supporting : [];
  return { detectors, supporting, window: WINDOW, lang: 'en' };
}

function byId(events: readonly AuditEvent[]): AuditEvent[] {
  return [...new Map(events.map((one) => [one.id, one])).values()];
}

/** The sample of a rule among those of others, all of it shuffled, and some of it twice. */
const streamsWith = (sample: readonly AuditEvent[]) =>
  array(constantFrom(...allSamples), { maxLength: 3 })
    .map((others) => byId([...sample, ...others.flat()]))
    .chain((events) =>
      tuple(
        constant(events),
        shuffledSubarray(events, { minLength: events.length }),
        shuffledSubarray(events),
        array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      ),
    );

/** Pushes `events` in order, but those of one moment as they come, in batches of the given sizes. */
function pushed(events: readonly AuditEvent[], sizes: readonly number[], options: EngineOptions) {
  const engine = createEngine(options);
  // Sorting is stable: what happened in the same millisecond keeps the order of the shuffle.
  const stream = events.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  for (let at = 0, turn = 0; at < stream.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    engine.push(stream.slice(at, at + size));
    at += size;
  }
  return engine.finish();
}

describe.each(ALL)('$rule alone', ({ rule }) => {
  test('speaks in its sample, and gives the same findings for shuffled, repeated and cut up events', () => {
    const options = optionsFor(rule);
    const sample = SAMPLES[rule] ?? [];
    expect(runDetectors(sample, options).findings.map((one) => one.rule)).toContain(rule);
    assert(
      property(streamsWith(sample), ([events, shuffled, repeated, sizes]) => {
        const expected = createEngine(options);
        expected.push(events.toSorted(compareEvents));
        const result = expected.finish();
        expect(runDetectors([...shuffled, ...repeated], options)).toEqual(result);
        expect(pushed([...repeated, ...shuffled], sizes, options)).toEqual(result);
      }),
      { numRuns: 15 },
    );
  });
});

describe('login and second factor', () => {
  const from = constantFrom(
    { ip: HOME },
    { ip: OFFICE },
    { ip: STRANGE, ua: LINUX_FIREFOX },
    { ip: '198.19.7.7', ua: 'curl/8.4.0' },
  );
  const attempt = record({
    actor: constantFrom('1', '2', '3', '4', '5', '6'),
    succeeds: boolean(),
    gap: integer({ min: 1, max: 30 }),
    place: from,
  });
  const past = ['1', '2', '3', '4', '5', '6'].flatMap((actor) => history({ actor, ip: `91.${actor}.1.7` }, 15));

  /** Attempts 97 seconds apart, as a service writes them that puts the login first, or the factor first. */
  function written(
    attempts: readonly {
      actor: string;
      succeeds: boolean;
      gap: number;
      place: { ip: string; ua?: string };
    }[],
    loginFirst: boolean,
  ): AuditEvent[] {
    return attempts.flatMap(({ actor, succeeds, gap, place }, index) => {
      const at = index * 97 * SECOND;
      if (!succeeds) return [event({ at, key: 'user_2fa_fail', actor, ...place })];
      const [login, factor] = loginFirst ? [at, at + gap * SECOND] : [at + gap * SECOND, at];
      return [event({ at: login, actor, ...place }), event({ at: factor, key: 'user_2fa_success', actor, ...place })];
    });
  }

  test('in either order within a minute give the same findings', () => {
    const told = (events: readonly AuditEvent[]) =>
      runDetectors([...past, ...events], { detectors: LOGIN_DETECTORS, window: WINDOW, lang: 'en' })
        .findings.map(({ rule, also, severity, actor_ids }) => ({
          rule,
          also,
          severity,
          actor_ids: actor_ids.toSorted(),
        }))
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    assert(
      property(array(attempt, { maxLength: 25 }), (attempts) => {
        expect(told(written(attempts, false))).toEqual(told(written(attempts, true)));
      }),
      { numRuns: 150 },
    );
  });
});

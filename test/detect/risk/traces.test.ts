// Tests that what is put off counts as if it had been counted at once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TrustedActivity } from '../../../src/detect/detector.ts';
import { createLoginRisk } from '../../../src/detect/login-risk.ts';
import { networksOf } from '../../../src/text/networks.ts';
import { clientOf } from '../../../src/text/user-agent.ts';
import { event, LINUX_FIREFOX } from '../support/events.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-03-01T09:00:00Z');
const ADDRESSES = ['203.0.113.7', '203.0.113.8', '198.51.100.4', '192.0.2.9', '2001:db8::1', null];
const AGENTS = [event({ at: 0 }).user_agent ?? '', LINUX_FIREFOX, null];

interface Step {
  readonly actor: number;
  readonly address: number;
  readonly agent: number;
  readonly days: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  actor: fc.nat({ max: 2 }),
  address: fc.nat({ max: ADDRESSES.length - 1 }),
  agent: fc.nat({ max: AGENTS.length - 1 }),
  // Some are silent for so long that what is remembered of them fades away.
  days: fc.oneof(fc.double({ min: 0, max: 3, noNaN: true }), fc.constant(160)),
});

function activityOf({ actor, address, agent }: Step, timeMs: number): TrustedActivity {
  return {
    actorId: String(actor),
    actor,
    source: address,
    device: agent,
    networks: networksOf(ADDRESSES[address]),
    client: clientOf(AGENTS[agent]),
    firstMs: timeMs,
    lastMs: timeMs,
    logins: 1,
  };
}

/** How strange network and client of each login would have been, in a company that is asked after each of them or only at the end. */
function scoresOf(steps: readonly Step[], asksAlways: boolean): number[] {
  const model = createLoginRisk();
  const questions = ADDRESSES.flatMap((_, address) => AGENTS.map((__, agent) => ({ address, agent })));
  let timeMs = START_MS;
  function ask(actor: number): number[] {
    return questions.map(({ address, agent }) => {
      const { networks, client } = activityOf({ actor, address, agent, days: 0 }, timeMs);
      const { parts } = model.score({ actor, networks, client, timeMs });
      return parts.network + parts.client;
    });
  }
  for (const one of steps) {
    timeMs += one.days * DAY_MS;
    model.learn(activityOf(one, timeMs));
    if (asksAlways) ask(one.actor);
  }
  return [0, 1, 2].flatMap(ask);
}

test('what is put off until somebody asks counts as if it had been counted at once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const late = scoresOf(steps, false);
      for (const [index, score] of scoresOf(steps, true).entries()) expect(late[index]).toBeCloseTo(score, 9);
    }),
    { numRuns: 200 },
  );
});

test('a login that was learned counts at the next question, the first of its kind and the fifth', () => {
  const usual: Step = { actor: 0, address: 3, agent: 1, days: 1 };
  const place = usual.address * AGENTS.length + usual.agent;
  const [never, once, often] = [0, 1, 5].map(
    (length) =>
      scoresOf(
        Array.from({ length }, () => usual),
        false,
      )[place],
  );
  expect(once).toBeLessThan(never ?? 0);
  expect(often).toBeLessThan((once ?? 0) - 1);
});

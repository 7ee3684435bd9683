// Owns attacks on the second factor: guessing, tiring, spraying.
import { MINUTE_MS } from '../company/calendar.ts';
import { INSTRUCTION_AGENT } from '../company/hostile.ts';
import { hostIn, type Person } from '../company/person.ts';
import { STRANGER_PREFIXES } from '../company/places.ts';
import type { Source } from '../company/recorder.ts';
import type { SimEvent } from '../model.ts';
import { moments, named, type Plan, type Stage } from './story.ts';

const withTwoFactor = (person: Person): boolean => person.twoFactor;

const failures = (stage: Stage, person: Person, from: Source, times: readonly number[]): SimEvent[] =>
  times.map((atMs) => stage.record({ key: 'user_2fa_fail', actor: person.user.id, atMs, from }));

/** Somebody has the password and tries codes until they lose patience. */
export const twoFactorBurst: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast(withTwoFactor);
  return () => {
    const start = scene.calendar.at(day, random.between(0, 23));
    const from = stage.attacker('hosting', 'browser');
    const events = failures(stage, victim, from, moments(random, start, random.int(7, 15), 8000, 45_000));
    return { events, summary: `${events.length} wrong 2FA codes for ${named(victim)} from ${from.ip}, no login` };
  };
};

/** The same, and it works: a code is guessed or the victim gives in. Sometimes the proxy changes on the way. */
export const twoFactorBreakthrough: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast(withTwoFactor);
  return () => {
    const start = scene.calendar.at(day, random.between(0, 23));
    const from = stage.attacker(random.chance(0.7) ? 'hosting' : 'abroad', 'browser');
    const other = random.chance(0.3) ? { ...from, ip: stage.attacker('hosting', 'browser').ip } : from;
    const tries = failures(stage, victim, from, moments(random, start, random.int(4, 9), 9000, 50_000));
    const inMs = Date.parse(tries.at(-1)?.created_at ?? '') + random.int(15_000, 90_000);
    const actor = victim.user.id;
    const events = [
      ...tries,
      stage.record({ key: 'user_2fa_success', actor, atMs: inMs, from: other }),
      stage.record({ key: 'user_login', actor, atMs: inMs + 700, from: other }),
      stage.record({
        key: 'message_created',
        actor,
        atMs: inMs + 7 * MINUTE_MS,
        from: other,
        entity: scene.messageId(inMs),
      }),
    ];
    const summary = `${tries.length} wrong 2FA codes for ${named(victim)} from ${from.ip}, then a login from ${other.ip}`;
    return { events, summary };
  };
};

/** One machine, a list of leaked passwords, a couple of codes for everybody. Its client's name speaks to the reader. */
export const twoFactorSpray: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victims = stage.castMany(random.int(8, 14), withTwoFactor);
  return () => {
    const start = scene.calendar.at(day, random.between(0, 23));
    const from = { ip: stage.attacker('hosting', 'browser').ip, agent: INSTRUCTION_AGENT };
    const firsts = moments(random, start, victims.length, 60_000, 230_000);
    const events = victims.flatMap((victim, index) =>
      failures(stage, victim, from, moments(random, firsts[index] ?? start, random.int(1, 3), 6000, 25_000)),
    );
    return { events, summary: `${from.ip} fails the 2FA of ${victims.length} people, a few tries each` };
  };
};

/** Many proxies, one account. */
export const distributedGuessing: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast(withTwoFactor);
  return () => {
    const start = scene.calendar.at(day, random.between(0, 23));
    const { agent } = stage.attacker('abroad', 'browser');
    const networks = random.sample(STRANGER_PREFIXES, random.int(4, 6));
    const sources = networks.map((prefix) => ({ ip: hostIn(prefix, random), agent }));
    const times = moments(random, start, random.int(9, 13), 70_000, 170_000);
    const events = times.flatMap((atMs, index) =>
      sources
        .slice(index % sources.length)
        .slice(0, 1)
        .flatMap((from) => failures(stage, victim, from, [atMs])),
    );
    const summary = `${events.length} wrong 2FA codes for ${named(victim)} from ${sources.length} networks within half an hour`;
    return { events, summary };
  };
};

/** A stolen password meets a second factor once, and whoever has it goes away. */
export const orphanFailure: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast(withTwoFactor);
  return () => {
    const from = stage.attacker(random.chance(0.5) ? 'hosting' : 'same_country', 'browser');
    const events = failures(stage, victim, from, [scene.calendar.at(day, random.between(0, 23))]);
    return {
      events,
      summary: `one wrong 2FA code for ${named(victim)} from ${from.ip}, a network never seen for them`,
    };
  };
};

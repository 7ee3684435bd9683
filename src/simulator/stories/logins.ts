// Owns stolen accounts and sessions: logins and acts that come from where their owner is not.
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../company/calendar.ts';
import { dismiss } from '../company/personnel.ts';
import { deviceOn } from '../company/kit.ts';
import type { Person } from '../company/person.ts';
import type { Draft, Source } from '../company/recorder.ts';
import { logIn, sourceOf } from '../company/scene.ts';
import type { SimEvent } from '../model.ts';
import { moments, named, type Plan, type Stage } from './story.ts';

const withoutTwoFactor = (person: Person): boolean => !person.twoFactor;

/** The second factor too, where there is one: phishing hands it on. */
function enter(stage: Stage, person: Person, from: Source, atMs: number): SimEvent[] {
  const actor = person.user.id;
  const login = stage.record({ key: 'user_login', actor, atMs, from });
  if (!person.twoFactor) return [login];
  return [stage.record({ key: 'user_2fa_success', actor, atMs: atMs - 900, from }), login];
}

/** Looking around: a message here, a reaction there. */
function lookAround(stage: Stage, person: Person, from: Source, startMs: number, count: number): SimEvent[] {
  const { scene, random } = stage;
  const actor = person.user.id;
  return moments(random, startMs, count, 60_000, 400_000).map((atMs) =>
    random.chance(0.6)
      ? stage.record({ key: 'message_created', actor, atMs, from, entity: scene.messageId(atMs) })
      : stage.record({ key: 'reaction_created', actor, atMs, from, entity: scene.newId('reaction') }),
  );
}

/** A stolen session at work: letters to colleagues, traces removed, something for later. */
function prowl(stage: Stage, person: Person, from: Source, startMs: number, count: number): SimEvent[] {
  const { scene, random, record } = stage;
  const actor = person.user.id;
  const written: number[] = [];
  const acts: readonly (readonly [(atMs: number) => Draft, number])[] = [
    [
      (atMs) => ({
        key: 'message_created',
        actor,
        atMs,
        from,
        entity: written[written.push(scene.messageId(atMs)) - 1] ?? 0,
      }),
      45,
    ],
    [(atMs) => ({ key: 'reaction_created', actor, atMs, from, entity: scene.newId('reaction') }), 10],
    [
      (atMs) => ({
        key: 'message_deleted',
        actor,
        atMs,
        from,
        entity: written.pop() ?? scene.messageId(atMs - 3 * DAY_MS),
      }),
      20,
    ],
    [(atMs) => ({ key: 'chat_created', actor, atMs, from, entity: scene.newId('chat') }), 10],
    [
      (atMs) => ({
        key: 'access_token_created',
        actor,
        atMs,
        from,
        entity: scene.newId('token'),
        details: { scopes: ['profile:read', 'chats:read'] },
      }),
      8,
    ],
    [(atMs) => ({ key: 'user_updated', actor, atMs, from, details: { changed_attrs: ['phone_number'] } }), 7],
  ];
  return moments(random, startMs, count, 40_000, 300_000).map((atMs) => record(random.weighted(acts)(atMs)));
}

/** A login of a stranger with a stranger's computer. */
const strangeLogin =
  (where: 'hosting' | 'abroad' | 'same_country', atNight: boolean): Plan =>
  (stage) => {
    const { random, scene, day } = stage;
    const victim = stage.cast();
    return () => {
      const atMs = scene.calendar.at(day, atNight ? random.between(1, 5) : random.between(8, 22));
      const from = stage.attacker(where, 'browser');
      const entered = enter(stage, victim, from, atMs);
      const events = [...entered, ...lookAround(stage, victim, from, atMs + 3 * MINUTE_MS, random.int(1, 4))];
      return { events, summary: `${named(victim)} is logged in from ${from.ip} with a client they never used` };
    };
  };

export const newNetworkAndClient = strangeLogin('same_country', false);
export const foreignLogin = strangeLogin('hosting', true);

/** A letter with a link: the owner logs in at home, and minutes later whoever stood in between does so from abroad. */
export const improbableSwitch: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast(
    ({ kit, companyVpn }) => !companyVpn && !deviceOn(kit, 'work', day).product.includes('linux'),
  );
  return () => {
    const atMs = scene.calendar.at(scene.calendar.workday(day), random.between(10.5, 16));
    const own = sourceOf(scene, victim, 'work', day, 'home');
    const actor = victim.user.id;
    logIn(scene, victim, own, atMs);
    const laterMs = atMs + 11 * MINUTE_MS;
    stage.record({ key: 'message_created', actor, atMs: laterMs, from: own, entity: scene.messageId(laterMs) });
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
    const from = { ip: stage.attacker('abroad', 'browser').ip, agent };
    const startMs = atMs + random.int(3, 9) * MINUTE_MS;
    const events = [...enter(stage, victim, from, startMs), ...lookAround(stage, victim, from, startMs + MINUTE_MS, 3)];
    return { events, summary: `${named(victim)} logs in at home and, minutes apart, from ${from.ip}` };
  };
};

/** A stolen session needs no login. */
export const activityWithoutLogin: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast();
  const scripted = random.chance(0.4);
  return () => {
    const atMs = scene.calendar.at(day, random.between(0, 23));
    const from = stage.attacker('hosting', scripted ? 'script' : 'browser');
    const events = prowl(stage, victim, from, atMs, random.int(6, 14));
    const severity = scripted ? 'high' : 'medium';
    return { events, severity, summary: `${named(victim)} is active from ${from.ip} where they never logged in` };
  };
};

/** A password works for a program as well. */
export const scriptedClient: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast(withoutTwoFactor);
  return () => {
    const from = stage.attacker('hosting', 'script');
    const times = moments(random, scene.calendar.at(day, random.between(0, 23)), random.int(1, 4), 20_000, 900_000);
    const events = times.flatMap((atMs) => enter(stage, victim, from, atMs));
    return { events, summary: `${named(victim)} is logged in by ${from.agent} from ${from.ip}` };
  };
};

/** Passwords leaked elsewhere, tried here, and enough of them fit. */
export const newSourceManyAccounts: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victims = stage.castMany(random.int(4, 8), withoutTwoFactor);
  return () => {
    const from = stage.attacker(random.chance(0.5) ? 'hosting' : 'abroad', 'browser');
    const times = moments(random, scene.calendar.at(day, random.between(0, 23)), victims.length, 60_000, 420_000);
    const events = victims.flatMap((victim, index) => enter(stage, victim, from, times[index] ?? 0));
    return { events, summary: `${from.ip} logs in to ${victims.length} accounts within the hour` };
  };
};

/** An account that nobody has used since the season began. */
export const dormantAccount: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.extra();
  victim.away = [{ from: day - random.int(48, Math.min(70, day - 8)), to: scene.calendar.days }];
  return () => {
    const atMs = scene.calendar.at(day, random.between(0, 23));
    const from = stage.attacker(random.chance(0.5) ? 'same_country' : 'hosting', 'browser');
    const events = [...enter(stage, victim, from, atMs), ...lookAround(stage, victim, from, atMs + MINUTE_MS, 2)];
    return { events, summary: `${named(victim)}, silent for weeks, is logged in from ${from.ip}` };
  };
};

/** The account is deleted, and a session of it lives on. */
export const deletedAccountActive: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.extra();
  const goneDay = scene.calendar.workday(day - random.int(1, 3));
  scene.onDay(goneDay, () => dismiss(scene, victim, goneDay, 17.4));
  return () => {
    const from = { ...stage.attacker('same_country', 'browser'), agent: stage.usual(victim).agent };
    const startMs = scene.calendar.at(day, random.between(19, 23));
    const events = prowl(stage, victim, from, startMs, random.int(4, 9));
    return {
      events,
      summary: `${named(victim)} was deleted ${Math.round((startMs - scene.calendar.at(goneDay, 17.4)) / DAY_MS)} days before and is active`,
    };
  };
};

/** What is done with an account that was taken: its address changed, a token made, everything searched, a chat opened. */
function plunder(stage: Stage, victim: Person, from: Source, inMs: number): SimEvent[] {
  const { scene, random, record } = stage;
  const actor = victim.user.id;
  const script = { ip: from.ip, agent: 'python-requests/2.31.0' };
  const changed = { changed_attrs: ['email', 'phone_number'] };
  const scopes = ['messages:read', 'chats:read', 'chat_members:read', 'users:read', 'files:read'];
  const search = { search_type: 'messages', query_present: true, cursor_present: true, limit: 100, filters: {} };
  const token = scene.newId('token');
  const chat = random.pick(scene.chatsOf(victim)).id;
  const opened = { public_access: true };
  return [
    record({ key: 'user_updated', actor, atMs: inMs + 4 * MINUTE_MS, from, details: changed }),
    record({
      key: 'access_token_created',
      actor,
      atMs: inMs + 9 * MINUTE_MS,
      from,
      entity: token,
      details: { scopes },
    }),
    ...moments(random, inMs + 14 * MINUTE_MS, random.int(70, 110), 1500, 6000).map((atMs) =>
      record({ key: 'search_messages_api', actor, atMs, from: script, details: search }),
    ),
    record({ key: 'chat_permission_changed', actor, atMs: inMs + HOUR_MS, from, entity: chat, details: opened }),
  ];
}

const WORTH_TAKING = ['Финансы', 'ИТ', 'Разработка', 'Юристы'];

/** The whole thing: codes, login, and everything that follows. */
export const takeoverChain: Plan = (stage) => {
  const { random, scene, day } = stage;
  const victim = stage.cast(({ twoFactor, user }) => twoFactor && WORTH_TAKING.includes(user.department));
  return () => {
    const actor = victim.user.id;
    const from = stage.attacker('hosting', 'browser');
    const startMs = scene.calendar.at(day, random.between(0.5, 4));
    const codes = moments(random, startMs, random.int(4, 6), 15_000, 50_000);
    const inMs = (codes.at(-1) ?? startMs) + 40_000;
    const events = [
      ...codes.map((atMs) => stage.record({ key: 'user_2fa_fail', actor, atMs, from })),
      ...enter(stage, victim, from, inMs),
      ...plunder(stage, victim, from, inMs),
    ];
    const summary = `${named(victim)} is taken over from ${from.ip}: 2FA, login, address, token, search, chat made public`;
    return { events, summary };
  };
};

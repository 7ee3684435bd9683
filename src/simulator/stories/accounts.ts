// Owns attacks on accounts and roles: escalation, purges, removals, accounts that live for an evening.
import { HOUR_MS, MINUTE_MS } from '../company/calendar.ts';
import { atDesk, personnelAdmin } from '../company/personnel.ts';
import { createUser } from '../company/organisation.ts';
import { DEPARTMENTS } from '../company/names.ts';
import type { Person } from '../company/person.ts';
import type { Source } from '../company/recorder.ts';
import type { SimEvent } from '../model.ts';
import { moments, named, type Plan, type Stage } from './story.ts';

function roleChange(stage: Stage, actor: Person, target: Person, roles: [string, string], atMs: number, from: Source) {
  const [previous_company_role, new_company_role] = roles;
  const details = { new_company_role, previous_company_role, initiator_id: actor.user.id };
  return stage.record({ key: 'user_role_changed', actor: actor.user.id, atMs, from, entity: target.user.id, details });
}

/** The accounts go, and with them everything their people would have done afterwards. */
function removeAll(stage: Stage, actor: Person, targets: readonly Person[], startMs: number, from: Source): SimEvent[] {
  const times = moments(stage.random, startMs, targets.length, 25_000, 200_000);
  return targets.map((target, index) => {
    const atMs = times[index] ?? startMs;
    return stage.record({ key: 'user_deleted', actor: actor.user.id, atMs, from, entity: target.user.id });
  });
}

/** People whose accounts will be removed on the day: they do not live it. */
function doomed(stage: Stage, count: number): Person[] {
  const people = Array.from({ length: count }, () => stage.extra());
  stage.scene.onDay(stage.day, () => {
    const all = stage.scene.organisation.people;
    for (const person of people) {
      person.employed = { ...person.employed, to: stage.day - 1 };
      all.splice(all.indexOf(person), 1);
    }
  });
  return people;
}

/** Somebody becomes an administrator who has no business to: by their own hand, or by a friendly one. */
export const privilegeEscalation: Plan = (stage) => {
  const { random, scene, day } = stage;
  const target = stage.cast();
  const own = random.chance(0.35);
  return () => {
    const actor = own ? target : (scene.organisation.admins[2] ?? scene.organisation.owner);
    const from = own ? stage.usual(target) : atDesk(scene, actor, day);
    const atMs = scene.calendar.at(day, random.between(18.5, 23));
    const events = [roleChange(stage, actor, target, ['user', 'admin'], atMs, from)];
    target.user.role = 'admin';
    const by = own ? 'by their own hand' : `by ${named(actor)}`;
    return { events, severity: own ? 'critical' : 'high', summary: `${named(target)} becomes an administrator ${by}` };
  };
};

/** A fresh administrator takes the others' rights away, then the accounts. */
export const newAdminPurge: Plan = (stage) => {
  const { random, scene, day } = stage;
  const usurper = stage.cast();
  const targets = doomed(stage, random.int(5, 8));
  return () => {
    const helper = scene.organisation.admins[3] ?? scene.organisation.owner;
    const risenMs = scene.calendar.at(day - random.int(1, 4), random.between(12, 17));
    const rise = roleChange(stage, helper, usurper, ['user', 'admin'], risenMs, atDesk(scene, helper, day));
    const from = stage.usual(usurper);
    const startMs = scene.calendar.at(day, random.between(19, 22));
    const fallen = scene.organisation.admins.slice(1, 4);
    const demotions = fallen.map((admin, index) =>
      roleChange(stage, usurper, admin, ['admin', 'user'], startMs + index * 70_000, from),
    );
    const removals = removeAll(stage, usurper, targets, startMs + 6 * MINUTE_MS, from);
    usurper.user.role = 'admin';
    for (const admin of fallen) admin.user.role = 'user';
    const summary = `${named(usurper)}, administrator for days, demotes ${fallen.length} and removes ${removals.length} accounts`;
    return { events: [rise, ...demotions, ...removals], summary };
  };
};

/** An administrator's evening of revenge, or somebody's with an administrator's session. */
export const massRemoval: Plan = (stage) => {
  const { random, scene, day } = stage;
  const targets = doomed(stage, random.int(9, 16));
  const stolen = random.chance(0.4);
  return () => {
    const admin = scene.organisation.admins[2] ?? scene.organisation.owner;
    const from = stolen ? stage.attacker('abroad', 'browser') : atDesk(scene, admin, day);
    const startMs = scene.calendar.at(day, random.between(20, 23));
    const events = removeAll(stage, admin, targets, startMs, from);
    return { events, summary: `${named(admin)} removes ${events.length} accounts in an evening from ${from.ip}` };
  };
};

/** An account is made, used from elsewhere, and unmade before anybody counts. */
export const shortLivedAccount: Plan = (stage) => {
  const { random, scene, day } = stage;
  return () => {
    const admin = scene.organisation.admins[3] ?? personnelAdmin(scene);
    const atMs = scene.calendar.at(day, random.between(20, 23));
    const from = atDesk(scene, admin, day);
    const id = scene.newId('user');
    const ghost = createUser(random, { id, role: 'user', department: DEPARTMENTS[8], createdMs: atMs });
    const there = stage.attacker('hosting', 'browser');
    const actor = admin.user.id;
    const chats = random.sample(scene.organisation.chats, random.int(3, 6));
    const details = { inviter_id: actor };
    const events = [
      stage.record({ key: 'user_created', actor, atMs, from, entity: id }),
      ...chats.map((chat, index) =>
        stage.record({
          key: 'user_chat_join',
          actor: id,
          atMs: atMs + (index + 1) * 30_000,
          from,
          entity: chat.id,
          details,
        }),
      ),
      stage.record({ key: 'user_login', actor: id, atMs: atMs + 20 * MINUTE_MS, from: there }),
      stage.record({
        key: 'user_deleted',
        actor,
        atMs: atMs + Math.round(random.between(3, 9) * HOUR_MS),
        from,
        entity: id,
      }),
    ];
    const summary = `${ghost.first_name} ${ghost.last_name} (@${ghost.nickname}) is created, logs in from ${there.ip} and is deleted within hours`;
    return { events, summary };
  };
};

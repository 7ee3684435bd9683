// Owns attacks through programs: a webhook that goes elsewhere, scopes that grow, consent that is tricked out of people.
import { integrationAdmin } from '../company/personnel.ts';
import { atDesk } from '../company/personnel.ts';
import type { SimEvent } from '../model.ts';
import { moments, named, type Plan, type Stage } from './story.ts';

type Turn = (stage: Stage) => { events: SimEvent[]; what: string };

const webhook: Turn = ({ scene, random, day, record }) => {
  const admin = integrationAdmin(scene);
  const bot = random.pick(scene.organisation.bots);
  const changes = {
    outgoing_url: { previous: 'https://hooks.lastochka.example/v2', new: 'https://in.collect-logs.test/p' },
  };
  const atMs = scene.calendar.at(day, random.between(19, 23));
  const from = atDesk(scene, admin, day);
  const actor = admin.user.id;
  const events = [
    record({ key: 'bot_webhook_settings_updated', actor, atMs, from, entity: bot.user.id, details: { changes } }),
  ];
  return { events, what: `${named(admin)} sends what ${bot.user.first_name} hears to another company` };
};

const scopes: Turn = ({ scene, random, day, record }) => {
  const admin = integrationAdmin(scene);
  const bot = random.pick(scene.organisation.bots);
  const details = { added_scopes: ['messages:read', 'chat_exports:read', 'users:delete'], removed_scopes: [] };
  const atMs = scene.calendar.at(day, random.between(19, 23));
  const actor = admin.user.id;
  const events = [
    record({ key: 'bot_scopes_updated', actor, atMs, from: atDesk(scene, admin, day), entity: bot.user.id, details }),
  ];
  return { events, what: `${named(admin)} lets ${bot.user.first_name} read and export messages` };
};

const redirect: Turn = ({ scene, random, day, record }) => {
  const admin = integrationAdmin(scene);
  const bot = random.pick(scene.organisation.bots);
  const uris = { previous: ['https://wiki.lastochka.example/cb'], new: ['https://wiki-lastochka.test/cb'] };
  const details = { client_id: 'wiki.lastochka', changes: { redirect_uris: uris } };
  const atMs = scene.calendar.at(day, random.between(19, 23));
  const actor = admin.user.id;
  const events = [
    record({
      key: 'bot_oauth_client_updated',
      actor,
      atMs,
      from: atDesk(scene, admin, day),
      entity: bot.user.id,
      details,
    }),
  ];
  return { events, what: `${named(admin)} changes where people who consent are sent` };
};

/** The same letter to many, and some of them agree. */
const consent: Turn = (stage) => {
  const { scene, random, day, record } = stage;
  const people = stage.castMany(random.int(4, 7));
  const times = moments(random, scene.calendar.at(day, random.between(10, 16)), people.length, 60_000, 420_000);
  const details = { client_id: 'doc-viewer-pro', scopes: ['messages:read', 'profile:read', 'files:read'] };
  const events = people.map((person, index) =>
    record({
      key: 'oauth_authorization_granted',
      actor: person.user.id,
      atMs: times[index] ?? 0,
      from: stage.usual(person),
      details,
    }),
  );
  return { events, what: `${people.length} people let the unknown program doc-viewer-pro read their messages` };
};

/** One of four, by chance. */
export const integrationTrust: Plan = (stage) => {
  const turn = stage.random.pick([webhook, scopes, redirect, consent]);
  return () => {
    const { events, what } = turn(stage);
    return { events, summary: what };
  };
};

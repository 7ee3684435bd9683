// Owns what programs do by themselves: bots, the nightly directory sync, the collector that reads the audit log.
import { DAY_MS, MINUTE_MS } from './calendar.ts';
import type { Bot } from './organisation.ts';
import { DATA_CENTRE } from './places.ts';
import { botSource, type Scene } from './scene.ts';

export const COLLECTOR_AGENT = 'Vector/0.48.0 (x86_64-unknown-linux-gnu)';

function post(scene: Scene, bot: Bot, atMs: number): number {
  const entity = scene.messageId(atMs);
  scene.recorder.record({ key: 'message_created', actor: bot.user.id, atMs, from: botSource(bot), entity });
  return entity;
}

/** Messages at all hours, more of them while people work. */
function chatter(scene: Scene, bot: Bot, day: number, share: number): void {
  const weekend = scene.calendar.isWeekend(day);
  const count = scene.random.poisson(bot.perDay * share * (weekend ? 0.25 : 1));
  for (let left = count; left > 0; left -= 1) {
    const hour = scene.random.chance(0.7) ? scene.random.between(9, 20) : scene.random.between(0, 24);
    const atMs = scene.calendar.at(day, hour);
    post(scene, bot, atMs);
    if (scene.random.chance(0.1)) {
      const entity = scene.messageId(atMs);
      const key = 'message_updated';
      scene.recorder.record({ key, actor: bot.user.id, atMs: atMs + 20_000, from: botSource(bot), entity });
    }
  }
}

/** The calendar bot posts the day's reminders every morning and takes yesterday's back first. */
function tidyReminders(scene: Scene, bot: Bot, day: number): void {
  const startMs = scene.calendar.at(day, 6);
  const count = 24 + (day % 5);
  for (let index = 0; index < count; index += 1) {
    const old = scene.messageId(startMs - DAY_MS + 10 * MINUTE_MS + index * 1500);
    const atMs = startMs + index * 1200;
    scene.recorder.record({ key: 'message_deleted', actor: bot.user.id, atMs, from: botSource(bot), entity: old });
  }
  for (let index = 0; index < 28; index += 1) post(scene, bot, startMs + 10 * MINUTE_MS + index * 1500);
}

const search = (type: string, query: boolean, cursor: boolean, limit: number, filters: Record<string, unknown>) => ({
  search_type: type,
  query_present: query,
  cursor_present: cursor,
  limit,
  filters,
});

/** The personnel system pages through everybody at night. */
function syncDirectory(scene: Scene, bot: Bot, day: number): void {
  const pages = Math.ceil(scene.organisation.people.length / 50);
  for (let page = 0; page < pages; page += 1) {
    const atMs = scene.calendar.at(day, 3) + page * 900;
    const details = search('users', false, page > 0, 50, { company_roles: ['admin', 'user'] });
    scene.recorder.record({ key: 'search_users_api', actor: bot.user.id, atMs, from: botSource(bot), details });
  }
}

/** The knowledge base looks up what people ask it. */
function answerQuestions(scene: Scene, bot: Bot, day: number): void {
  for (let left = scene.random.poisson(scene.calendar.isWeekend(day) ? 1 : 7); left > 0; left -= 1) {
    const atMs = scene.calendar.at(day, scene.random.between(9, 19));
    const messages = scene.random.chance(0.7);
    const key = messages ? 'search_messages_api' : 'search_chats_api';
    const details = search(messages ? 'messages' : 'chats', true, false, 10, messages ? { order: 'desc' } : {});
    scene.recorder.record({ key, actor: bot.user.id, atMs, from: botSource(bot), details });
  }
}

/** A log collector with the owner's token: every hour, from the data centre, under its own name. */
function collectLog(scene: Scene, day: number): void {
  const from = { ip: `${DATA_CENTRE}.10.30`, agent: COLLECTOR_AGENT };
  const actor = scene.organisation.owner.user.id;
  for (let hour = 0; hour < 24; hour += 1) {
    const atMs = scene.calendar.at(day, hour) + 7 * MINUTE_MS + scene.random.int(0, 900);
    scene.recorder.record({ key: 'audit_events_accessed', actor, atMs, from });
  }
}

export function liveBotsDay(scene: Scene, day: number): void {
  const share = Math.min(3, scene.organisation.people.length / 320);
  for (const bot of scene.organisation.bots) {
    if (bot.user.nickname === 'hr_sync') syncDirectory(scene, bot, day);
    else if (bot.user.nickname === 'wiki_bot') answerQuestions(scene, bot, day);
    else if (bot.user.nickname === 'calendar_bot') tidyReminders(scene, bot, day);
    if (bot.user.nickname !== 'hr_sync') chatter(scene, bot, day, share);
  }
  collectLog(scene, day);
}

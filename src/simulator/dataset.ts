// Owns the making of a company: people, ninety days of their work, and the stories that are planted in it.
import { liveBotsDay } from './company/bots.ts';
import { createCalendar } from './company/calendar.ts';
import { keepHouse } from './company/housekeeping.ts';
import { createOrganisation } from './company/organisation.ts';
import type { TravelLevel } from './company/person.ts';
import { createRecorder } from './company/recorder.ts';
import { createScene, type Scene } from './company/scene.ts';
import { createWhereabouts, type WorldEvents } from './company/whereabouts.ts';
import { livePersonDay } from './company/workday.ts';
import { byTimeAndId, type Company, type SimEvent } from './model.ts';
import { createRandom } from './random.ts';
import { type IncidentChoice, planStories, worldEvents } from './stories.ts';

export interface CompanyOptions {
  /** The same seed, `now` and sizes give the same company, event for event. */
  seed: number;
  /** End of the data, milliseconds since the epoch. */
  now: number;
  /** default 320; at least 40. About 330 events come with each person in 90 days. */
  people?: number;
  /** Default 90. */
  days?: number;
  /** Logins of one person on a workday; default 0.75. 2FA events come on top. */
  loginsPerDay?: number;
  /** Messages, reactions and so on of one person on a workday; default 2.4. */
  activityPerDay?: number;
  /** How many people travel; default `normal`: one in eight. */
  travel?: TravelLevel;
  /** Share of people with 2FA; default 0.72. */
  twoFactorShare?: number;
  /** `demo`: a selection in the last 14 days. `all`: several of every kind from day 32 on. `none`. Default `demo`. */
  incidents?: IncidentChoice;
  /** Times that each kind is planted with `all`; default by size: one for every 150 people, at least one. */
  perKind?: number;
  /** Odd but harmless stories; default true. */
  benign?: boolean;
}

function createEverything(options: CompanyOptions): Scene {
  const random = createRandom(options.seed);
  const calendar = createCalendar(options.now, options.days ?? 90);
  const world: WorldEvents = worldEvents(calendar, options.benign ?? true);
  return createScene({
    random: random.fork('scene'),
    calendar,
    organisation: createOrganisation(random.fork('organisation'), calendar, {
      people: options.people ?? 320,
      travel: options.travel ?? 'normal',
      twoFactorShare: options.twoFactorShare ?? 0.72,
    }),
    recorder: createRecorder(random.fork('ids')),
    whereabouts: createWhereabouts(world, calendar),
    world,
    rates: { logins: options.loginsPerDay ?? 0.75, activity: options.activityPerDay ?? 2.4 },
  });
}

function live(scene: Scene): void {
  for (let day = 0; day <= scene.calendar.days; day += 1) {
    scene.begin(day);
    keepHouse(scene, day);
    for (const person of scene.organisation.people) livePersonDay(scene, person, day);
    liveBotsDay(scene, day);
  }
}

/** Newest sign of life, as the API shows it for each person. */
function markActivity(scene: Scene, events: readonly SimEvent[]): void {
  const last = new Map<string, string>();
  for (const event of events) last.set(event.actor_id, event.created_at);
  for (const { user } of scene.organisation.people) {
    user.last_activity_at = last.get(String(user.id)) ?? user.last_activity_at;
  }
}

/** Roles as the log left them. At the end: while it is told, a person's role decides what they do. */
function markRoles(scene: Scene, events: readonly SimEvent[]): void {
  const roles = new Map<string, unknown>();
  for (const { event_key: key, entity_id: id, details } of events) {
    if (key === 'user_role_changed' && id !== null) roles.set(id, details?.['new_company_role']);
  }
  for (const { user } of scene.organisation.people) {
    const role = roles.get(String(user.id));
    if (role === 'guest' || role === 'user' || role === 'admin') user.role = role;
  }
}

/** Same options, same company. Events end at `now` and begin `days` earlier. */
export function buildCompany(options: CompanyOptions): Company {
  const scene = createEverything(options);
  const stories = planStories(scene, {
    incidents: options.incidents ?? 'demo',
    benign: options.benign ?? true,
    perKind: options.perKind ?? Math.max(1, Math.round((options.people ?? 320) / 150)),
  });
  live(scene);
  const told = stories.tell();
  const first = new Date(scene.calendar.startMs).toISOString();
  const last = new Date(scene.calendar.endMs).toISOString();
  const events = scene.recorder.events
    .filter(({ created_at }) => created_at >= first && created_at <= last)
    .sort(byTimeAndId);
  markActivity(scene, events);
  markRoles(scene, events);
  const { organisation } = scene;
  return {
    seed: options.seed,
    now: options.now,
    ownerId: organisation.owner.user.id,
    users: [...organisation.people.map((person) => person.user), ...organisation.bots.map((bot) => bot.user)],
    events,
    ...told,
  };
}

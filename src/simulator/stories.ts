// Owns the list of stories: what is planted, of what kind, how grave, and on which day.
import type { Calendar } from './company/calendar.ts';
import type { Scene } from './company/scene.ts';
import type { WorldEvents } from './company/whereabouts.ts';
import { type BenignStory, byTimeAndId, type Incident, type Severity, type SimEvent } from './model.ts';
import * as accounts from './stories/accounts.ts';
import { BENIGN, worldOf } from './stories/benign.ts';
import * as chats from './stories/chats.ts';
import * as data from './stories/data-access.ts';
import { integrationTrust } from './stories/integrations.ts';
import * as logins from './stories/logins.ts';
import { createStage, type Plan, type Told } from './stories/story.ts';
import * as twoFactor from './stories/two-factor.ts';

export type IncidentChoice = 'demo' | 'all' | 'none';

interface Kind {
  plan: Plan;
  /** Unless the story itself knows better. */
  severity: Severity;
  /** Days before the end on which the demo company is struck. Absent: not in the demo. */
  demo?: readonly number[];
  /** First day on which it can happen, where that is not the end of the warm-up. */
  earliest?: number;
  /** Happens when people are at work. */
  workday?: true;
}

export const INCIDENT_KINDS = {
  two_factor_burst: { plan: twoFactor.twoFactorBurst, severity: 'medium', demo: [11] },
  two_factor_breakthrough: { plan: twoFactor.twoFactorBreakthrough, severity: 'high', demo: [2, 12] },
  two_factor_spray: { plan: twoFactor.twoFactorSpray, severity: 'high', demo: [4] },
  distributed_guessing: { plan: twoFactor.distributedGuessing, severity: 'medium', demo: [9] },
  orphan_failure: { plan: twoFactor.orphanFailure, severity: 'medium', demo: [6] },
  new_network_and_client: { plan: logins.newNetworkAndClient, severity: 'low', demo: [5] },
  foreign_login: { plan: logins.foreignLogin, severity: 'medium', demo: [13] },
  improbable_switch: { plan: logins.improbableSwitch, severity: 'medium', demo: [8], workday: true },
  activity_without_login: { plan: logins.activityWithoutLogin, severity: 'medium', demo: [10] },
  scripted_client: { plan: logins.scriptedClient, severity: 'medium', demo: [3] },
  new_source_many_accounts: { plan: logins.newSourceManyAccounts, severity: 'high', demo: [13] },
  dormant_account: { plan: logins.dormantAccount, severity: 'medium', demo: [12], earliest: 58 },
  deleted_account_active: { plan: logins.deletedAccountActive, severity: 'high', demo: [10] },
  takeover_chain: { plan: logins.takeoverChain, severity: 'critical', demo: [1] },
  privilege_escalation: { plan: accounts.privilegeEscalation, severity: 'high', demo: [6] },
  new_admin_purge: { plan: accounts.newAdminPurge, severity: 'high' },
  mass_removal: { plan: accounts.massRemoval, severity: 'high', demo: [9] },
  short_lived_account: { plan: accounts.shortLivedAccount, severity: 'medium', demo: [8] },
  sensitive_token: { plan: data.sensitiveToken, severity: 'medium', demo: [3], workday: true },
  audit_log_read: { plan: data.auditLogRead, severity: 'high', demo: [2] },
  private_chat_opened: { plan: data.privateChatOpened, severity: 'high', demo: [5], workday: true },
  api_harvesting: { plan: data.apiHarvesting, severity: 'high', demo: [7], workday: true },
  first_search: { plan: data.firstSearch, severity: 'low', demo: [11], workday: true },
  mass_self_join: { plan: chats.massSelfJoin, severity: 'medium', demo: [10], workday: true },
  mass_add: { plan: chats.massAdd, severity: 'medium', workday: true },
  destruction_burst: { plan: chats.destructionBurst, severity: 'high', demo: [4], workday: true },
  dlp_accumulation: { plan: data.dlpAccumulation, severity: 'medium', demo: [8], workday: true },
  kms_anomaly: { plan: data.kmsAnomaly, severity: 'medium', demo: [12], workday: true },
  integration_trust: { plan: integrationTrust, severity: 'high', demo: [6], workday: true },
} as const satisfies Record<string, Kind>;
export type IncidentKind = keyof typeof INCIDENT_KINDS;

const kinds: readonly [string, Kind][] = Object.entries(INCIDENT_KINDS);

interface Planted {
  name: string;
  tell: () => Told;
}

interface PlannedIncident extends Planted {
  kind: string;
  severity: Severity;
}

const WARM_UP_DAYS = 32;

/** Days on which `kind` strikes. */
function daysOf(scene: Scene, kind: Kind, choice: IncidentChoice, perKind: number): number[] {
  const { calendar, random } = scene;
  // What goes on for hours must be over before the data are.
  const last = calendar.days - 2;
  if (choice === 'none') return [];
  const days =
    choice === 'demo'
      ? (kind.demo ?? []).map((before) => calendar.days - before)
      : Array.from({ length: perKind }, () => random.int(Math.min(kind.earliest ?? WARM_UP_DAYS, last), last));
  return kind.workday === true ? days.map((day) => calendar.workday(day)) : days;
}

function planIncidents(scene: Scene, choice: IncidentChoice, perKind: number): PlannedIncident[] {
  return kinds.flatMap(([name, kind]) =>
    daysOf(scene, kind, choice, perKind).map((day, index) => {
      const incident = `${name}-${index + 1}`;
      const tell = kind.plan(createStage(scene, scene.random.fork(incident), day));
      return { name: incident, kind: name, severity: kind.severity, tell };
    }),
  );
}

interface Facts {
  event_ids: string[];
  actor_ids: string[];
  first_at: string;
  last_at: string;
  summary: string;
}

/** What is left of a story inside the data set; undefined where nothing is. */
function factsOf(scene: Scene, told: Told): Facts | undefined {
  const inside = ({ created_at }: SimEvent): boolean => {
    const at = Date.parse(created_at);
    return at >= scene.calendar.startMs && at <= scene.calendar.endMs;
  };
  const events = told.events.filter(inside).sort(byTimeAndId);
  const first = events[0];
  const last = events.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    event_ids: events.map((event) => event.id),
    actor_ids: [...new Set(events.map((event) => event.actor_id))],
    first_at: first.created_at,
    last_at: last.created_at,
    summary: told.summary,
  };
}

export interface StoryOptions {
  incidents: IncidentChoice;
  benign: boolean;
  perKind: number;
}

export interface Stories {
  /** Once, when all days have been lived. */
  tell(): { incidents: Incident[]; benign: BenignStory[] };
}

/** Casts and prepares everything that is planted. */
export function planStories(scene: Scene, options: StoryOptions): Stories {
  const benign = options.benign ? BENIGN.map(({ name, plan }) => ({ name, tell: plan(scene) })) : [];
  const incidents = planIncidents(scene, options.incidents, options.perKind);
  return {
    tell: () => ({
      incidents: incidents.flatMap(({ name, kind, severity, tell }): Incident[] => {
        const told = tell();
        const facts = factsOf(scene, told);
        return facts === undefined ? [] : [{ incident: name, kind, severity: told.severity ?? severity, ...facts }];
      }),
      benign: benign.flatMap(({ name, tell }): BenignStory[] => {
        const facts = factsOf(scene, tell());
        return facts === undefined ? [] : [{ story: name, ...facts }];
      }),
    }),
  };
}

/** What changes for everybody, and when. */
export function worldEvents(calendar: Calendar, benign: boolean): WorldEvents {
  return benign
    ? worldOf(calendar)
    : { officeMoveDay: undefined, gatheringDay: undefined, forcedDesktopDay: undefined };
}

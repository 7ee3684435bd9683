// Owns the shapes that the parts of the simulator share: events, people, incidents and the company that holds them.

/** One event with the API's own names. Ids on top are strings; the same ids inside `details` are numbers. */
export interface SimEvent {
  id: string;
  /** ISO-8601 with milliseconds, UTC. */
  created_at: string;
  event_key: string;
  entity_id: string;
  entity_type: string;
  actor_id: string;
  actor_type: string;
  details: Record<string, unknown> | null;
  ip_address: string | null;
  user_agent: string | null;
}

/** The order of the log, oldest first. */
export function byTimeAndId(a: SimEvent, b: SimEvent): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export type SimRole = 'owner' | 'admin' | 'user' | 'multi_guest' | 'guest';

/** One person or bot as `GET /users` shows it (the simulator fills in the fields that never matter here). */
export interface SimUser {
  id: number;
  first_name: string;
  last_name: string;
  nickname: string;
  email: string;
  phone_number: string;
  department: string;
  title: string;
  role: SimRole;
  suspended: boolean;
  invite_status: 'confirmed' | 'sent';
  list_tags: string[];
  bot: boolean;
  sso: boolean;
  created_at: string;
  last_activity_at: string;
  time_zone: string;
}

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** An attack that was planted, with its truth. `severity` is what a security officer would call it. */
export interface Incident {
  incident: string;
  kind: string;
  severity: Severity;
  /** The events of the attack itself, oldest first. */
  event_ids: string[];
  /** Whose accounts acted. */
  actor_ids: string[];
  /** When it began and ended, ISO-8601. */
  first_at: string;
  last_at: string;
  summary: string;
}

/** Something that looks odd and is not: nothing above low may be said about these events. */
export interface BenignStory {
  story: string;
  event_ids: string[];
  actor_ids: string[];
  first_at: string;
  last_at: string;
  summary: string;
}

export interface Company {
  seed: number;
  /** End of the data set, milliseconds since the epoch. No event is later. */
  now: number;
  ownerId: number;
  /** People and bots that still exist; who was deleted is not here. */
  users: SimUser[];
  /** Oldest first, by time and then id. */
  events: SimEvent[];
  incidents: Incident[];
  benign: BenignStory[];
}

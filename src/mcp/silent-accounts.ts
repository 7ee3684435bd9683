// Owns the look back at accounts that logged in now and not in the days before: were they silent for long, or are they new?
import { compareEvents, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { AuditQuery } from '../audit/query.ts';
import { isHeld } from './held.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { Stages } from './stages.ts';
import type { ToolContext } from './tool.ts';

const DAY_MS = 86_400_000;
/** Days that the log still has, and that a store may hold: the oldest one fades while it is read, and is never kept. */
const BACK_DAYS = 89;
/** Each costs a request or two; few come back in a week, and new colleagues are as few. */
const ACCOUNTS_MAX = 20;
const REQUESTS_EACH = 2;
/** The bar waits for the past itself. */
const PROGRESS = [50, 50] as const;
const LOGIN = 'user_login';
const CREATED = 'user_created';

export interface SilentAccounts {
  /** Takes note of who logged in within the window. */
  observe(events: readonly AuditEvent[]): void;
  /** The logins before `untilMs` of those who are not `known` from the days after it (accountsIn), oldest first. */
  logins(known: ReadonlySet<string>, untilMs: number): Promise<readonly AuditEvent[]>;
  /** How many logins that were; they are no part of the baseline. */
  found(): number;
  notes(): readonly string[];
}

/** What tells that an account was not silent, or is new. */
export const SIGN_KEYS: readonly EventKey[] = [LOGIN, CREATED];

/** Accounts that logged in, and those that were created, among `events`. */
export function accountsIn(events: readonly AuditEvent[]): string[] {
  return [...events.flatMap(actorOf), ...events.flatMap(createdIn)];
}

function actorOf({ event_key, actor_id }: AuditEvent): string[] {
  return event_key === LOGIN && actor_id ? [actor_id] : [];
}

function createdIn({ event_key, entity_id }: AuditEvent): string[] {
  return event_key === CREATED && entity_id ? [entity_id] : [];
}

export function createSilentAccounts(query: AuditQuery, stages: Stages, context: ToolContext): SilentAccounts {
  const seen = new Set<string>();
  const created = new Set<string>();
  let unread = 0;
  let found = 0;
  return {
    observe(events) {
      for (const actorId of events.flatMap(actorOf)) seen.add(actorId);
      for (const accountId of events.flatMap(createdIn)) created.add(accountId);
    },
    async logins(known, untilMs) {
      const isFile = context.settings.source === 'file';
      const fromMs = (isFile ? query.window.endMs : context.nowMs) - BACK_DAYS * DAY_MS;
      const window = { startMs: Math.ceil(fromMs / DAY_MS) * DAY_MS, endMs: untilMs };
      const unknown = [...seen].filter((actorId) => !known.has(actorId) && !created.has(actorId));
      const logins: AuditEvent[] = [];
      unread = 0;
      if (unknown.length === 0 || window.startMs >= untilMs) return logins;
      // Newest first: the last login is what matters, where not all can be read.
      const question = { ...query, window, order: 'newest_first', eventKeys: [LOGIN] } as const;
      const wanted = new Set(unknown);
      const take = (batch: readonly AuditEvent[]): void => {
        for (const event of batch) if (wanted.has(event.actor_id ?? '')) logins.push(event);
      };
      // What lies at hand is looked through once, however many they are; the API can tell them apart.
      if (isFile || (await isHeld(question, context))) await stages.tryRead(question, take, PROGRESS);
      else {
        for (const actorId of unknown.slice(0, ACCOUNTS_MAX)) {
          const { covered, complete } = await stages.tryRead({ ...question, actorId }, take, PROGRESS, REQUESTS_EACH);
          if (!complete && covered.length === 0) unread += 1;
        }
        unread += Math.max(0, unknown.length - ACCOUNTS_MAX);
      }
      found = logins.length;
      return logins.toSorted(compareEvents);
    },
    found: () => found,
    notes: () => (unread === 0 ? [] : [NOTE_WORDS[context.settings.lang].silenceUnread(unread)]),
  };
}

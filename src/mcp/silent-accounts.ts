// Owns the look back at accounts that logged in now and not in the days before: were they silent for long, or are they new?
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { AuditQuery } from '../audit/query.ts';
import { isHeld } from './held.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { isReadToLogStart, readSinceMs } from './read-extent.ts';
import type { Stages } from './stages.ts';
import type { ToolContext } from './tool.ts';

const DAY_MS = 86_400_000;
/** Days that the log still has, and that a store may hold: the oldest one fades while it is read, and is never kept. */
const BACK_DAYS = 89;
/** Each costs a request or two, or one for each gap of the store; few come back in a week, and new colleagues are as few. */
const ACCOUNTS_MAX = 20;
const REQUESTS_EACH = 2;
/** The newest logins that differ in address or client: a person is known by no more. */
const LOGINS_EACH = 16;
/** The bar waits for the past itself. */
const PROGRESS = [50, 50] as const;
const LOGIN = 'user_login';
const CREATED = 'user_created';

export interface SilentAccounts {
  /** Takes note of who logged in, and of who was created, in the days before the window. */
  know(events: readonly AuditEvent[]): void;
  /** Takes note of who logged in within the window, oldest first, without having been created there before. */
  observe(events: readonly AuditEvent[]): void;
  /** Of those of them who are not known, and were not asked about yet, the logins before `untilMs`, oldest first. */
  logins(untilMs: number): Promise<readonly AuditEvent[]>;
  /** The requests that this may still cost. */
  mostRequests(): number;
  notes(): readonly string[];
}

type Logins = Map<string, AuditEvent[]>;

interface Answer {
  readonly logins: Logins;
  /** Whether there are no others. */
  readonly isWhole: boolean;
}

/** Keeps a login that was read newest first. */
function keepLogin(logins: Logins, event: AuditEvent): void {
  const id = event.actor_id ?? '';
  const kept = logins.get(id) ?? [];
  const isAlike = (other: AuditEvent): boolean =>
    other.ip_address === event.ip_address && other.user_agent === event.user_agent;
  if (kept.length < LOGINS_EACH && !kept.some(isAlike)) kept.push(event);
  logins.set(id, kept);
}

/** Reads as long as there are requests left. */
function createReading(stages: Stages, mostRequests: number) {
  let left = mostRequests;
  return {
    left: () => left,
    /** The logins of `question` that `isWanted`, read with `most` requests of those that are left. */
    async read(question: AuditQuery, isWanted: (event: AuditEvent) => boolean, most = left): Promise<Answer> {
      const logins: Logins = new Map();
      const take = (batch: readonly AuditEvent[]): void => {
        for (const event of batch) if (isWanted(event)) keepLogin(logins, event);
      };
      const coverage = await stages.tryRead(question, take, PROGRESS, Math.min(most, left));
      left -= coverage.requests;
      // One from before a hole may not have been the last.
      const sinceMs = readSinceMs(coverage, question.window.endMs);
      for (const [id, kept] of logins) {
        const last = kept.filter((event) => eventTimeMs(event) >= sinceMs);
        if (last.length === 0) logins.delete(id);
        else logins.set(id, last);
      }
      // What the log has forgotten nobody could read.
      return { logins, isWhole: isReadToLogStart(coverage, question.window) };
    },
  };
}

/** Logins before the baseline: at hand for everybody who is not `known`, or asked for one account after the other. */
function createOldLogins(known: ReadonlySet<string>, stages: Stages, context: ToolContext) {
  const { settings, store } = context;
  const reading = createReading(stages, Math.min(ACCOUNTS_MAX * REQUESTS_EACH, Math.floor(settings.maxRequests / 4)));
  let accountsLeft = ACCOUNTS_MAX;
  let unread = 0;
  let atHand: Answer | undefined;

  async function readOne(question: AuditQuery, actorId: string): Promise<Answer> {
    if (accountsLeft <= 0 || reading.left() <= 0) return { logins: new Map(), isWhole: false };
    accountsLeft -= 1;
    const gaps = (await store?.log.missing(question))?.length ?? 0;
    return reading.read({ ...question, actorId }, () => true, Math.max(REQUESTS_EACH, gaps));
  }

  /** They were read newest first: of whom one was found, the last is known, however much was left unread. */
  function loginsOf(id: string, { logins, isWhole }: Answer): readonly AuditEvent[] {
    const found = logins.get(id);
    if (found === undefined && !isWhole) unread += 1;
    return found ?? [];
  }

  return {
    async of(ids: readonly string[], question: AuditQuery): Promise<AuditEvent[]> {
      const logins: AuditEvent[] = [];
      // What lies at hand is looked through once, however many they are; the API can tell them apart.
      if (atHand === undefined && (settings.source === 'file' || (await isHeld(question, context))))
        atHand = await reading.read(question, (event) => !known.has(event.actor_id ?? ''));
      for (const id of ids) logins.push(...loginsOf(id, atHand ?? (await readOne(question, id))));
      return logins;
    },
    requestsLeft: reading.left,
    unread: () => unread,
  };
}

export function createSilentAccounts(query: AuditQuery, stages: Stages, context: ToolContext): SilentAccounts {
  const known = new Set<string>();
  const waiting = new Set<string>();
  const oldLogins = createOldLogins(known, stages, context);
  const { source, lang } = context.settings;
  return {
    know(events) {
      for (const { event_key: key, actor_id: actor, entity_id: entity } of events) {
        if (key === LOGIN && actor) known.add(actor);
        if (key === CREATED && entity) known.add(entity);
      }
    },
    observe(events) {
      for (const { event_key: key, actor_id: actor, entity_id: entity } of events) {
        if (key === LOGIN && actor && !known.has(actor)) waiting.add(actor);
        if (key === CREATED && entity && !waiting.has(entity)) known.add(entity);
      }
    },
    async logins(untilMs) {
      const asked = [...waiting].filter((id) => !known.has(id));
      waiting.clear();
      const fromMs = (source === 'file' ? query.window.endMs : context.nowMs) - BACK_DAYS * DAY_MS;
      const window = { startMs: Math.ceil(fromMs / DAY_MS) * DAY_MS, endMs: untilMs };
      if (asked.length === 0 || window.startMs >= untilMs) return [];
      // Newest first: the last login is what matters, where not all can be read.
      const logins = await oldLogins.of(asked, { ...query, window, order: 'newest_first', eventKeys: [LOGIN] });
      // Once is enough: from now on the rules know them.
      for (const id of asked) known.add(id);
      return logins.toSorted(compareEvents);
    },
    mostRequests: () => oldLogins.requestsLeft(),
    notes() {
      const unread = oldLogins.unread();
      return unread === 0 ? [] : [NOTE_WORDS[lang].silenceUnread(unread)];
    },
  };
}

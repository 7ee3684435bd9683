// Owns the reading of what others did and what still decides about one person: their role, their account, their chats, the accounts of
// their making.
import { initiatorOf } from '../audit/event-details.ts';
import { compareEvents, eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { SHORT_LIVED_KEYS, SHORT_LIVED_PARAMS, shortLivedAccount } from '../detect/rules/short-lived-account.ts';
import type { Preparation } from './feed-rules.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { isReadToLogStart } from './read-extent.ts';
import type { SkippedRule } from './rule-choice.ts';
import type { Stages } from './stages.ts';
import type { Lang } from '../text/lang.ts';

/** Roles and accounts change seldom: a company that needs more than this is not read to the end, and that is said. */
const REQUESTS_MAX = 20;
/** What is read of everybody. */
const COMPANY_REQUESTS_MAX = 60;
/** Accounts of the person's making whose login is looked for. */
const ACCOUNTS_MAX = 20;
const REQUESTS_EACH = 2;

export interface OthersQuestion {
  readonly actorId: string;
  /** For what the person did. */
  readonly query: AuditQuery;
  /** Rules that raise findings, and those that only support them. */
  readonly detectors: readonly Detector[];
  readonly supporting: readonly Detector[];
  readonly baselineWindow: TimeWindow;
}

export interface OthersReading extends Preparation {
  readonly skipped: readonly SkippedRule[];
}

/**
 * One person's own events do not hold what was done to them: it has them as its entity, for which the API can filter. Where the details
 * alone name them, or what others did decides, everybody's events are read.
 */
export async function readDoneByOthers(question: OthersQuestion, stages: Stages, lang: Lang): Promise<OthersReading> {
  const { actorId, query, detectors, supporting, baselineWindow } = question;
  const { order, timeZone, ownReads } = query;
  const asked = { order, timeZone, ownReads };
  const window = { startMs: baselineWindow.startMs, endMs: query.window.endMs };
  const found = new Map<string, AuditEvent>();
  const take = (batch: readonly AuditEvent[]): void => {
    for (const event of batch) if (event.actor_id !== actorId) found.set(event.id, event);
  };
  const skipped: SkippedRule[] = [];
  const read = async (
    part: AuditQuery,
    onEvents: typeof take,
    about: readonly Detector[],
    most = REQUESTS_MAX,
  ): Promise<void> => {
    const coverage = await stages.tryRead(part, onEvents, [50, 50], most);
    // What the log has forgotten nobody could read.
    if (isReadToLogStart(coverage, part.window)) return;
    const reason = NOTE_WORDS[lang].notWhole((part.eventKeys ?? []).join(', '), coverage.stoppedBy);
    skipped.push(...about.map(({ rule }) => ({ rule, reason })));
  };

  const keys = [...new Set([...detectors, ...supporting].flatMap(({ aboutKeys }) => aboutKeys ?? []))];
  if (keys.length > 0) {
    const about = detectors.filter(({ aboutKeys }) => aboutKeys !== undefined);
    await read({ ...asked, window, eventKeys: keys, entityId: actorId, entityType: 'User' }, take, about);
  }
  // Each for itself: chats that are created by the thousand must not keep changes of roles from being read.
  for (const companyKeys of companyKeysOf([...detectors, ...supporting])) {
    const about = detectors.filter((detector) => detector.companyKeys?.some((key) => companyKeys.includes(key)));
    await read({ ...asked, window, eventKeys: companyKeys }, take, about, COMPANY_REQUESTS_MAX);
  }
  if (detectors.includes(shortLivedAccount)) {
    const startMs = Math.max(window.startMs, query.window.startMs - SHORT_LIVED_PARAMS.lookbackMs);
    const ends: AuditEvent[] = [];
    const part = { ...asked, window: { startMs, endMs: window.endMs }, eventKeys: SHORT_LIVED_KEYS };
    await read(part, (batch) => void ends.push(...batch), [shortLivedAccount]);
    const lives = livesOf(ends, actorId, query.window.startMs);
    take(lives.flatMap(({ created, deleted }) => [created, deleted]));
    const others = lives.filter(({ accountId }) => accountId !== actorId);
    const unread = await readUse(others, asked, take, stages);
    if (unread > 0) skipped.push({ rule: shortLivedAccount.rule, reason: NOTE_WORDS[lang].loginsUnread(unread) });
  }
  return { events: [...found.values()].toSorted(compareEvents), pastKeys: [], sinceMs: new Map(), skipped };
}

/** Lists of keys that rules want of everybody, each once. */
function companyKeysOf(detectors: readonly Detector[]): (readonly EventKey[])[] {
  const lists = detectors.flatMap(({ companyKeys }) => (companyKeys === undefined ? [] : [companyKeys]));
  return [...new Map(lists.map((keys) => [keys.join(), keys])).values()];
}

interface Life {
  readonly accountId: string;
  readonly created: AuditEvent;
  readonly deleted: AuditEvent;
}

/** Short lives that ended from `sinceMs` on, of accounts that are the person's, or that the person made or removed. */
function livesOf(ends: readonly AuditEvent[], actorId: string, sinceMs: number): Life[] {
  const births = new Map<string, AuditEvent>();
  return ends.toSorted(compareEvents).flatMap((event) => {
    const accountId = event.entity_id;
    if (!accountId) return [];
    const created = births.get(accountId);
    if (event.event_key === 'user_created') births.set(accountId, event);
    if (event.event_key !== 'user_deleted' || created === undefined || eventTimeMs(event) < sinceMs) return [];
    const isInvolved = [accountId, initiatorOf(created), initiatorOf(event)].includes(actorId);
    const isShort = eventTimeMs(event) - eventTimeMs(created) <= SHORT_LIVED_PARAMS.lookbackMs;
    return isInvolved && isShort ? [{ accountId, created, deleted: event }] : [];
  });
}

/** Reads whether accounts were used while they lived; of how many that is still not known. */
async function readUse(
  lives: readonly Life[],
  asked: Pick<AuditQuery, 'timeZone' | 'ownReads'>,
  take: (batch: readonly AuditEvent[]) => void,
  stages: Stages,
): Promise<number> {
  let unread = Math.max(0, lives.length - ACCOUNTS_MAX);
  for (const { accountId, created, deleted } of lives.slice(0, ACCOUNTS_MAX)) {
    let isUsed = false;
    const takeLogins = (batch: readonly AuditEvent[]): void => {
      isUsed ||= batch.length > 0;
      take(batch);
    };
    // Newest first: one login tells as much as thousands, and the first is found behind all others.
    const logins = { ...asked, order: 'newest_first', eventKeys: ['user_login'], actorId: accountId } as const;
    const part = { ...logins, window: secondsFrom(created, deleted) };
    const { complete } = await stages.tryRead(part, takeLogins, [50, 50], REQUESTS_EACH);
    if (!isUsed && !complete) unread += 1;
  }
  return unread;
}

function secondsFrom(first: AuditEvent, last: AuditEvent): TimeWindow {
  const second = (event: AuditEvent): number => Math.floor(eventTimeMs(event) / 1000) * 1000;
  return { startMs: second(first), endMs: second(last) + 1000 };
}

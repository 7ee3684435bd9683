// Owns the stages that read everything about one person: what they did, what was done to them, their tokens, their habits.
import type { Coverage } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import { intersectWindows } from '../audit/intervals.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { createActivity, type Activity } from '../investigate/activity.ts';
import { involvementOf, NAMING_KEYS } from '../investigate/involvement.ts';
import {
  createLiveTokens,
  TOKEN_KEYS_OF_ACTOR,
  TOKEN_KEYS_OF_ANYBODY,
  TOKEN_KEYS_OF_ENTITY,
  type LiveToken,
} from '../investigate/live-tokens.ts';
import { isAdminAction } from '../investigate/notable.ts';
import { createTelling, type Telling } from '../investigate/telling.ts';
import { readDoneByOthers, type OthersReading } from './done-by-others.ts';
import { judge, type Judged } from './judge.ts';
import { isReadToLogStart } from './read-extent.ts';
import { chooseRules, joinSkipped, type SkippedRule } from './rule-choice.ts';
import { createStages, joinCoverage, type Stages } from './stages.ts';
import { createTextWatch } from './text-notes.ts';
import type { ToolContext } from './tool.ts';

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
/** Just inside what the log keeps. */
const TOKENS_SPAN_MS = 90 * DAY_MS - 60 * SECOND_MS;
const BASELINE_MS = 30 * DAY_MS;
const LINES_MAX = 50;

/** What the person did, what was done to them, their tokens, events that name them in the details. */
export type StagePart = 'own' | 'about' | 'tokens' | 'naming';

interface Gap {
  readonly part: StagePart;
  readonly stoppedBy: Coverage['stoppedBy'];
}

export interface Investigation {
  readonly activity: Activity;
  readonly judged: Judged;
  /** Rules that could not judge, or only in part. */
  readonly skipped: readonly SkippedRule[];
  /** Of the window: complete only where every stage was. */
  readonly coverage: Coverage;
  readonly adminActions: Telling;
  /** What others did to the person, or where the details name them. */
  readonly doneTo: Telling;
  readonly timeline: Telling;
  readonly tokens: readonly LiveToken[];
  /** From when on tokens were read without a hole. */
  readonly tokensSinceMs: number;
  /** False where a token may have been given or taken away in a part that was not read. */
  readonly tokensComplete: boolean;
  /** Events of other people that were looked through for the person's id. */
  readonly scanned: number;
  /** Parts that were not read whole. */
  readonly gaps: readonly Gap[];
  readonly textNotes: readonly string[];
}

function createCollection(personId: string, timeZone: string, lang: ToolContext['settings']['lang']) {
  const activity = createActivity(timeZone);
  const adminActions = createTelling(LINES_MAX, { fills: true });
  const doneTo = createTelling(LINES_MAX, { fills: true });
  const timeline = createTelling(LINES_MAX, { fills: false });
  const texts = createTextWatch(lang);
  return {
    activity,
    adminActions,
    doneTo,
    timeline,
    texts,
    /** Events that have the person as actor. What somebody else did to them there came from that one's address and hand. */
    own(events: readonly AuditEvent[]): void {
      for (const event of events) {
        if (involvementOf(event, personId) !== 'actor') {
          doneTo.add(event);
          timeline.add(event);
          continue;
        }
        const isFirst = activity.observe(event);
        if (isAdminAction(event.event_key)) adminActions.add(event);
        timeline.add(event, isFirst ? 0 : undefined);
      }
    },
    /** Events of others; `isWanted` keeps what another stage has already. */
    others(events: readonly AuditEvent[], isWanted: (event: AuditEvent) => boolean): void {
      const about = events.filter((event) => {
        const involvement = involvementOf(event, personId);
        return involvement !== undefined && event.actor_id !== personId && isWanted(event);
      });
      texts.see(about);
      for (const event of about) {
        doneTo.add(event);
        timeline.add(event);
      }
    },
  };
}

/** As far as the log reaches, to both sides: a token that was taken away since the window ended is no live one. */
function tokensWindowOf({ startMs, endMs }: TimeWindow, { nowMs, settings }: ToolContext): TimeWindow {
  const { file } = settings;
  if (file !== undefined) return file.span ?? { startMs, endMs };
  const earliestMs = Math.ceil((nowMs - TOKENS_SPAN_MS) / SECOND_MS) * SECOND_MS;
  return { startMs: Math.min(startMs, earliestMs), endMs: Math.max(endMs, Math.ceil(nowMs / SECOND_MS) * SECOND_MS) };
}

interface StageAccount {
  readonly part: StagePart;
  readonly window: TimeWindow;
  readonly coverage: Coverage;
}

/** Tokens are looked for as far back as there is a log. */
function isWhole({ part, window, coverage }: StageAccount): boolean {
  return coverage.complete || (part === 'tokens' && isReadToLogStart(coverage, window));
}

/**
 * From when on all about tokens was read: behind a hole, what was given may have been taken away in it. A read that did not come to its end
 * tells what it saw, and that it was not whole.
 */
function sinceOf(tokenStages: readonly StageAccount[], { startMs, endMs }: TimeWindow): number {
  const covered = tokenStages.reduce<readonly TimeWindow[]>(
    (shared, { coverage }) => intersectWindows(shared, coverage.covered),
    [{ startMs: Number.NEGATIVE_INFINITY, endMs }],
  );
  const isToEnd = (covered.at(-1)?.endMs ?? 0) >= endMs;
  return (isToEnd ? covered.at(-1) : covered[0])?.startMs ?? startMs;
}

function gapsOf(accounts: readonly StageAccount[]): Gap[] {
  const gaps = new Map<string, Gap>();
  for (const account of accounts) {
    const { part, coverage } = account;
    const { stoppedBy } = coverage;
    if (!isWhole(account)) gaps.set(`${part} ${stoppedBy}`, { part, stoppedBy });
  }
  return [...gaps.values()];
}

/** Reads the parts besides what the person did, and keeps account of how far each was read. */
function createPartReading(stages: Stages) {
  const accounts: StageAccount[] = [];
  return {
    async read(part: StagePart, asked: AuditQuery, take: (events: readonly AuditEvent[]) => void): Promise<void> {
      accounts.push({ part, window: asked.window, coverage: await stages.tryRead(asked, take, [50, 50]) });
    },
    /** How far everything was read; `own` is the coverage of what the person did. */
    account(own: Coverage, { query, tokensWindow }: Pick<Around, 'query' | 'tokensWindow'>) {
      const ofTokens = accounts.filter(({ part }) => part === 'tokens');
      const inWindow = accounts.filter(({ part }) => part !== 'tokens').map(({ coverage }) => coverage);
      return {
        coverage: joinCoverage([own, ...inWindow], stages.requests()),
        tokensComplete: ofTokens.every(isWhole),
        tokensSinceMs: sinceOf(ofTokens, tokensWindow),
        scanned: accounts.find(({ part }) => part === 'naming')?.coverage.eventsScanned ?? 0,
        gaps: gapsOf([{ part: 'own', window: query.window, coverage: own }, ...accounts]),
      };
    },
  };
}

interface Around {
  readonly personId: string;
  /** For the window of the question. */
  readonly query: AuditQuery;
  readonly tokensWindow: TimeWindow;
}

interface Takers {
  readonly parts: ReturnType<typeof createPartReading>;
  readonly collection: ReturnType<typeof createCollection>;
  readonly liveTokens: ReturnType<typeof createLiveTokens>;
}

/** What the person's own events do not hold: what was done to them, all of their tokens, where the details name them. */
async function readAround({ personId, query, tokensWindow }: Around, takers: Takers): Promise<void> {
  const { parts, collection, liveTokens } = takers;
  const takeTokens = (events: readonly AuditEvent[]): void => {
    for (const event of events) liveTokens.observe(event);
  };
  const isEntity = (event: AuditEvent): boolean => event.entity_type === 'User' && event.entity_id === personId;

  const asEntity = { entityId: personId, entityType: 'User' };
  await parts.read('about', { ...query, ...asEntity }, (events) => collection.others(events, () => true));
  const ofTokens = { ...query, window: tokensWindow };
  await parts.read('tokens', { ...ofTokens, eventKeys: TOKEN_KEYS_OF_ACTOR, actorId: personId }, takeTokens);
  await parts.read('tokens', { ...ofTokens, eventKeys: TOKEN_KEYS_OF_ANYBODY }, takeTokens);
  await parts.read('tokens', { ...ofTokens, eventKeys: TOKEN_KEYS_OF_ENTITY, ...asEntity }, takeTokens);
  await parts.read('naming', { ...query, eventKeys: NAMING_KEYS }, (events) =>
    collection.others(events, (event) => !isEntity(event)),
  );
}

/** Reads all there is about `personId` in `window`, and their tokens as far back as the log goes. Throws where nothing could be read. */
export async function investigate(
  personId: string,
  window: TimeWindow,
  timeZone: string,
  detectors: readonly Detector[],
  context: ToolContext,
): Promise<Investigation> {
  const { lang } = context.settings;
  const { used, skipped, partly } = chooseRules(detectors, { actor: personId }, lang);
  let others: OthersReading | undefined;
  const stages = createStages(context);
  const parts = createPartReading(stages);
  const collection = createCollection(personId, timeZone, lang);
  const liveTokens = createLiveTokens(personId);
  const tokensWindow = tokensWindowOf(window, context);
  const query = { window, timeZone, order: 'oldest_first', ownReads: 'exclude' } as const;

  const own = { ...query, actorId: personId };
  const judged = await judge(used, own, BASELINE_MS, context, {
    stages,
    onEvents: (events) => collection.own(events),
    async beforeBaseline(baselineWindow) {
      await readAround({ personId, query, tokensWindow }, { parts, collection, liveTokens });
      const question = { actorId: personId, query: own, detectors: used, supporting: [], baselineWindow };
      others = await readDoneByOthers(question, stages, lang);
      return others;
    },
  });
  const account = parts.account(judged.coverage, { query, tokensWindow });
  return {
    ...account,
    activity: collection.activity.result(),
    judged,
    skipped: joinSkipped([...skipped, ...partly, ...(others?.skipped ?? [])]),
    adminActions: collection.adminActions,
    doneTo: collection.doneTo,
    timeline: collection.timeline,
    tokens: liveTokens.result(account.tokensSinceMs),
    textNotes: [...judged.textNotes, ...collection.texts.notes()],
  };
}

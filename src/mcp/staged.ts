// Owns how a judging tool answers a question: which rules run, which only support them, and what is read in which order.
import type { Coverage } from '../audit/audit-log.ts';
import { PAGE_EVENTS } from '../audit/client.ts';
import type { EventKey } from '../audit/event-keys.ts';
import type { AuditQuery } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import { HEAVY_KEY_GROUPS } from '../detect/risky-changes.ts';
import type { RuleId } from '../detect/rule-ids.ts';
import { destructionBurst } from '../detect/rules/destruction-burst.ts';
import { dormantAccountActive } from '../detect/rules/dormant-account-active.ts';
import { readDoneByOthers, type OthersReading } from './done-by-others.ts';
import type { Question } from './findings-question.ts';
import { NOTE_WORDS, type NoteWords } from './note-wording.ts';
import { readHeavyKeys, type HeavyReading } from './heavy-keys.ts';
import { judge, type Judged } from './judge.ts';
import { pagesOf } from './past.ts';
import { chooseRules, joinSkipped, queryOver, type SkippedRule } from './rule-choice.ts';
import { withoutSelfCleaning } from './self-cleaning.ts';
import { createSilentAccounts } from './silent-accounts.ts';
import { createStages, joinCoverage } from './stages.ts';
import type { ToolContext } from './tool.ts';

/** The rules of a tool. */
export interface RuleSet {
  readonly detectors: readonly Detector[];
  /** Rules that raise no findings here, but on whose signals those that are used build. */
  readonly supporting?: (used: readonly RuleId[]) => readonly Detector[];
}

export interface Judging {
  readonly judged: Judged;
  readonly query: AuditQuery;
  readonly evaluated: readonly RuleId[];
  readonly skipped: readonly SkippedRule[];
  readonly notes: readonly string[];
}

const DAY_MS = 86_400_000;
const HEAVY_KEYS: ReadonlySet<string> = new Set(HEAVY_KEY_GROUPS.flat());

/** For the messages of those who deleted many. */
const SECOND_LOOK_REQUESTS = 40;
/** A rule on heavy keys alone has no light ones; no key at all would mean every event. */
const RARE_KEY: EventKey = 'tag_deleted';

/** Which rules run for `question`, and what is read for them; `query` is of the light keys where heavy ones are read apart. */
function planOf(rules: RuleSet, question: Question, { settings }: ToolContext) {
  const { used, skipped, partly } = chooseRules(rules.detectors, question, settings.lang);
  const supporters = rules.supporting?.(used.map(({ rule }) => rule)) ?? [];
  const { used: supporting } = chooseRules(supporters, question.actor === undefined ? {} : { actor: question.actor });
  const all = queryOver([...used, ...supporting], question);
  const isStaged = question.actor === undefined && settings.source !== 'file';
  const light = all.eventKeys?.filter((key) => !isStaged || !HEAVY_KEYS.has(key)) ?? [];
  const query = { ...all, eventKeys: light.length > 0 ? light : [RARE_KEY] };
  return { used, skipped, partly, supporting, all, isStaged, query };
}

/** The account of the window; its estimate counts the unread past too, as dense as the window. */
function withPast({ window, coverage, baselineWindow, baselineComplete }: Judged, baselineMs: number): Coverage {
  const { estimate, eventsScanned } = coverage;
  if (estimate === undefined || baselineComplete) return coverage;
  const unreadMs = baselineMs - (baselineWindow.endMs - baselineWindow.startMs);
  const ofWindow = eventsScanned + estimate.requests * PAGE_EVENTS;
  const requests = estimate.requests + pagesOf(ofWindow, unreadMs / (window.endMs - window.startMs), 0);
  const seconds = Math.ceil((estimate.seconds * requests) / Math.max(1, estimate.requests));
  return { ...coverage, estimate: { requests, seconds } };
}

/** The account of light and heavy keys. What could not be read of heavy ones is said with the rules on them, and left out of it. */
function accountOf(ofLight: Coverage, heavy: HeavyReading | undefined, requests: number, words: NoteWords) {
  const { coverages = [], skipped = [] } = heavy ?? {};
  const coverage = joinCoverage([ofLight, ...coverages], requests);
  const { covered } = skipped.length > 0 ? ofLight : coverage;
  const isOfOthers = !coverage.complete && covered.length > 0 && skipped.length > 0;
  // What nothing was read of has no density to go by.
  const isUncounted = coverages.some(({ complete, estimate }) => !complete && estimate === undefined);
  const rules = [...new Set(skipped.map(({ rule }) => rule))].join(', ');
  return {
    coverage: { ...coverage, covered },
    notes: [
      ...(isOfOthers ? [words.coveredWithout(rules)] : []),
      ...(coverage.estimate !== undefined && isUncounted ? [words.estimateWithout(rules)] : []),
    ],
  };
}

/**
 * Light keys of the window first, then the heavy ones, then the past of the light ones and of as many heavy ones as is
 * cheap. One person's events are few, and a file costs no requests: there everything is read alike.
 */
export async function judgeStaged(rules: RuleSet, question: Question, context: ToolContext): Promise<Judging> {
  const { lang } = context.settings;
  const { used, skipped, partly, supporting, all, isStaged, query } = planOf(rules, question, context);

  const stages = createStages(context);
  const silent = used.includes(dormantAccountActive) ? createSilentAccounts(query, stages, context) : undefined;
  let lightEvents = 0;
  let heavy: HeavyReading | undefined;
  let others: OthersReading | undefined;
  const judged = await judge(used, query, question.baselineDays * DAY_MS, context, {
    stages,
    supporting,
    ...(silent === undefined ? {} : { silent }),
    keptRequests: used.includes(destructionBurst) ? SECOND_LOOK_REQUESTS : 0,
    onEvents(events) {
      lightEvents += events.length;
    },
    async beforeBaseline(baselineWindow) {
      const { actor: actorId } = question;
      if (actorId !== undefined) {
        others = await readDoneByOthers({ actorId, query, detectors: used, supporting, baselineWindow }, stages, lang);
        return others;
      }
      if (!isStaged) return undefined;
      heavy = await readHeavyKeys({ query, detectors: used, supporting, baselineWindow, lightEvents }, stages, context);
      return heavy;
    },
  });
  const { result, notes } = await withoutSelfCleaning(judged.result, all, stages, lang);
  const ofWindow = withPast(judged, question.baselineDays * DAY_MS);
  const account = accountOf(ofWindow, heavy, stages.requests(), NOTE_WORDS[lang]);
  const notWhole = [...partly, ...(heavy?.skipped ?? []), ...(others?.skipped ?? [])];
  return {
    judged: { ...judged, result, coverage: account.coverage },
    query: all,
    evaluated: used.map(({ rule }) => rule).filter((rule) => notWhole.every((one) => one.rule !== rule)),
    skipped: joinSkipped([...skipped, ...notWhole]),
    notes: [...account.notes, ...(heavy?.notes ?? []), ...notes, ...(silent?.notes() ?? [])],
  };
}

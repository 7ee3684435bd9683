// Owns what the judging tools answer: the report of findings made of what the rules said.
import { z } from 'zod';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { SEVERITIES, type Detector, type Finding } from '../detect/detector.ts';
import type { DetectionResult } from '../detect/engine.ts';
import { leftOutNotes, notObservable } from '../detect/not-observable.ts';
import type { RuleId } from '../detect/rule-ids.ts';
import { findingOut } from './finding-out.ts';
import { cursorOf, questionOf, type FindingsInput, type Question } from './findings-question.ts';
import { NOTE_WORDS, type Lang } from './note-wording.ts';
import { actorsAnswer, eventsAnswer } from './params.ts';
import { coverageOut, inputNotes, namesOf, windowOut } from './query-input.ts';
import { judge, type Judged } from './judge.ts';
import { readNotes } from './read-notes.ts';
import { defined } from './result.ts';
import type { ToolContext } from './tool.ts';
import { tokenEstimate } from '../text/tokens.ts';

const DAY_MS = 86_400_000;
/** Hosts cut at 25,000 tokens; names, notes and totals need room too. */
const FINDINGS_TOKENS_MAX = 15_000;

const finding = z.object({
  id: z.string(),
  rule: z.string(),
  also: z.array(z.string()).optional(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  score: z.number().optional(),
  actor_ids: z.array(z.string()),
  ip_addresses: z.array(z.string()),
  first_at: z.string(),
  last_at: z.string(),
  event_count: z.number(),
  evidence: z.object({ event_ids: z.array(z.string()), query: z.looseObject({}) }),
  why: z.string(),
  benign: z.array(z.string()),
  attack: z.array(z.object({ technique: z.string(), version: z.string() })),
  next: z.array(z.object({ tool: z.string(), arguments: z.looseObject({}) })),
});

/** The report of a judging tool; `totals` differ. */
export function findingsOutput<Totals extends z.ZodType>(totals: Totals) {
  return z.object({
    ...eventsAnswer,
    totals,
    findings: z.array(finding).describe('By severity, then newest'),
    omitted_findings: z.number().describe('Found, but below min_severity or beyond this page'),
    next_cursor: z.string().optional(),
    baseline: z.object({ start_time: z.string(), end_time: z.string(), logins: z.number(), complete: z.boolean() }),
    rules: z.object({
      evaluated: z.array(z.string()),
      skipped: z.array(z.object({ rule: z.string(), reason: z.string() })),
    }),
    not_observable: z.array(z.string()),
    actors: actorsAnswer,
  });
}

/** Rules that judge a person against the others can not judge from one person's events alone. */
const ONE_ACTOR_REASON = 'compares people; the events of one actor do not show it. Ask without actor';

export function chooseRules(detectors: readonly Detector[], question: Pick<Question, 'actor' | 'rules'>) {
  const wanted = detectors.filter(({ rule }) => question.rules?.includes(rule) ?? true);
  const canJudge = (detector: Detector): boolean => question.actor === undefined || detector.baseline !== 'tenant';
  return {
    used: wanted.filter(canJudge),
    skipped: wanted.filter((detector) => !canJudge(detector)).map(({ rule }) => ({ rule, reason: ONE_ACTOR_REASON })),
  };
}

export function queryOver(window: TimeWindow, detectors: readonly Detector[], question: Question): AuditQuery {
  // A rule without keys wants every event.
  const everything = detectors.some(({ eventKeys }) => eventKeys.length === 0);
  return {
    window,
    order: 'oldest_first',
    timeZone: question.timeZone,
    ownReads: 'exclude',
    ...(everything ? {} : { eventKeys: [...new Set(detectors.flatMap(({ eventKeys }) => eventKeys))] }),
    ...(question.actor === undefined ? {} : { actorId: question.actor }),
  };
}

/** The page of findings that was asked for, as many as fit an answer. */
function pageOf(findings: readonly Finding[], question: Question): Finding[] {
  const page: Finding[] = [];
  let tokens = 0;
  for (const one of findings.slice(question.offset, question.offset + question.maxFindings)) {
    tokens += tokenEstimate(JSON.stringify(one));
    if (tokens > FINDINGS_TOKENS_MAX && page.length > 0) break;
    page.push(one);
  }
  return page;
}

export function emptyNotes(shown: readonly Finding[], judged: Judged, lang: Lang): string[] {
  if (shown.length > 0) return [];
  const words = NOTE_WORDS[lang];
  const below = judged.result.findings.length;
  if (below > 0) return [words.below(below)];
  if (!judged.coverage.complete) return [words.nothingSeen];
  return [judged.baselineComplete ? words.nothingFound : words.nothingFoundInPart];
}

export interface Judging {
  readonly judged: Judged;
  readonly query: AuditQuery;
  readonly evaluated: readonly RuleId[];
  readonly skipped: readonly { readonly rule: RuleId; readonly reason: string }[];
  readonly notes?: readonly string[];
}

/** How a tool judges a question: which rules, and what is read for them. */
export type Judge = (question: Question, window: TimeWindow, context: ToolContext) => Promise<Judging>;

/** All rules that can answer, over one reading of the window and one of the days before it. */
export function judgeWith(detectors: readonly Detector[]): Judge {
  return async (question, window, context) => {
    const { used, skipped } = chooseRules(detectors, question);
    const query = queryOver(window, used, question);
    const judged = await judge(used, query, question.baselineDays * DAY_MS, context);
    return { judged, query, evaluated: used.map(({ rule }) => rule), skipped };
  };
}

/** The report of what `judgeWindow` says about the window that `input` asks for. */
export async function findings<Totals>(
  tool: string,
  judgeWindow: Judge,
  totalsOf: (result: DetectionResult) => Totals,
  input: FindingsInput,
  context: ToolContext,
) {
  const question = await questionOf(tool, input, context);
  const { window } = question;
  const { judged, query, evaluated, skipped, notes = [] } = await judgeWindow(question, window, context);
  const { result, coverage, baselineWindow } = judged;

  const lowest = SEVERITIES.indexOf(question.minSeverity);
  const shown = result.findings.filter(({ severity }) => SEVERITIES.indexOf(severity) >= lowest);
  const page = pageOf(shown, question);
  const end = question.offset + page.length;
  const actorIds = [...new Set(page.flatMap(({ actor_ids }) => actor_ids))];
  const names = await namesOf(actorIds, context);
  const { start_time, end_time } = windowOut(baselineWindow, question.timeZone);
  const zones = { timeZone: question.timeZone, defaultTimeZone: context.settings.timeZone };
  return {
    window: windowOut(window, question.timeZone),
    coverage: coverageOut(coverage, question.timeZone),
    notes: [
      ...(input.cursor === undefined ? inputNotes(input, context) : []),
      ...readNotes(query, coverage, context),
      ...(judged.baselineComplete ? [] : [NOTE_WORDS[context.settings.lang].baselineCut]),
      ...notes,
      ...leftOutNotes(result.leftOut, context.settings.lang),
      ...judged.textNotes,
      ...emptyNotes(shown, judged, context.settings.lang),
      ...names.notes,
    ],
    totals: totalsOf(result),
    findings: page.map((one) => findingOut(one, zones)),
    omitted_findings: result.findings.length - page.length,
    baseline: { start_time, end_time, logins: result.baselineLogins, complete: judged.baselineComplete },
    rules: { evaluated: [...evaluated], skipped: [...skipped] },
    not_observable: notObservable(context.settings.lang),
    ...names.actors,
    ...defined({
      next_cursor: end < shown.length ? cursorOf(tool, question, end) : undefined,
    }),
  };
}

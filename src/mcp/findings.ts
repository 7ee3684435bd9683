// Owns what the judging tools answer: the report of findings made of what the rules said.
import { z } from 'zod';
import { SEVERITIES, type Finding } from '../detect/detector.ts';
import type { DetectionResult } from '../detect/engine.ts';
import { compareFindings } from '../detect/findings.ts';
import { leftOutNotes, notObservable } from '../detect/not-observable.ts';
import { findingOut, strangerNotes } from './finding-out.ts';
import { cursorOf, questionOf, shownUntil, type FindingsInput, type Question } from './findings-question.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { actorsAnswer, eventsAnswer } from './params.ts';
import { coverageOut, inputNotes, namesOf, resolvedActor, windowOut } from './query-input.ts';
import { readNotes } from './read-notes.ts';
import { defined } from './result.ts';
import { judgeStaged, type Judging, type RuleSet } from './staged.ts';
import type { ToolContext } from './tool.ts';
import { tokenEstimate } from '../text/tokens.ts';
import type { Lang } from '../text/lang.ts';

/** Hosts cut at 25,000 tokens; names, notes and totals need room too. */
const FINDINGS_TOKENS_MAX = 16_500;

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

/** As many of `findings` as were asked for and fit an answer. */
function pageOf(findings: readonly Finding[], maxFindings: number): Finding[] {
  const page: Finding[] = [];
  let tokens = 0;
  for (const one of findings.slice(0, maxFindings)) {
    tokens += tokenEstimate(JSON.stringify(one));
    if (tokens > FINDINGS_TOKENS_MAX && page.length > 0) break;
    page.push(one);
  }
  return page;
}

/** What of `findings` the question wants, and of that the page that it asks for. `isAsItWas`: what stands before it is what was shown. */
function choose(findings: readonly Finding[], { minSeverity, maxFindings, after }: Question) {
  const lowest = SEVERITIES.indexOf(minSeverity);
  const shown = findings.filter(({ severity }) => SEVERITIES.indexOf(severity) >= lowest);
  const before = after === undefined ? [] : shown.filter((one) => compareFindings(one, after.last) <= 0);
  const page = pageOf(shown.slice(before.length), maxFindings);
  const seen = [...before, ...page];
  return {
    shown,
    page,
    isAsItWas: after === undefined || shownUntil(before)?.digest === after.digest,
    until: seen.length < shown.length ? shownUntil(seen) : undefined,
  };
}

export function emptyNotes(shown: readonly Finding[], { judged, evaluated, skipped }: Judging, lang: Lang): string[] {
  if (shown.length > 0) return [];
  const words = NOTE_WORDS[lang];
  const below = judged.result.findings.length;
  if (below > 0) return [words.below(below)];
  const unjudged = skipped.map(({ rule }) => rule).join(', ');
  if (evaluated.length === 0) return [words.nothingJudged(unjudged)];
  if (!judged.coverage.complete) return [words.nothingSeen];
  if (skipped.length > 0) return [words.nothingFoundBySome(unjudged)];
  return [judged.baselineComplete ? words.nothingFound : words.nothingFoundInPart];
}

/** The report of what `rules` say about the window that `input` asks for. */
export async function findings<Totals>(
  tool: string,
  rules: RuleSet,
  totalsOf: (result: DetectionResult) => Totals,
  input: FindingsInput,
  context: ToolContext,
) {
  const question = await questionOf(tool, input, context);
  const { window } = question;
  const judging = await judgeStaged(rules, question, context);
  const { judged, query, evaluated, skipped, notes } = judging;
  const { result, coverage, baselineWindow } = judged;

  const { shown, page, isAsItWas, until } = choose(result.findings, question);
  const actorIds = [...new Set(page.flatMap(({ actor_ids }) => actor_ids))];
  const names = await namesOf([...actorIds, ...resolvedActor(input.actor, question.actor)], context);
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
      ...(isAsItWas ? [] : [NOTE_WORDS[context.settings.lang].findingsChanged]),
      ...(question.actor === undefined || page.length === 0 ? [] : [NOTE_WORDS[context.settings.lang].ordinaryUnknown]),
      ...strangerNotes(page, context.settings),
      ...judged.textNotes,
      ...emptyNotes(shown, judging, context.settings.lang),
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
      next_cursor: until === undefined ? undefined : cursorOf(tool, question, until),
    }),
  };
}

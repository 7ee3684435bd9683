// Owns which rules can answer a question, and the query for what they must see.
import type { AuditQuery } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import type { RuleId } from '../detect/rule-ids.ts';
import type { Question } from './findings-question.ts';
import { NOTE_WORDS } from './note-wording.ts';
import type { Lang } from '../text/lang.ts';

export interface SkippedRule {
  readonly rule: RuleId;
  readonly reason: string;
}

/** Rules that judge a person against the others can not judge from one person's events alone; some rules only `partly`. */
export function chooseRules(
  detectors: readonly Detector[],
  question: Pick<Question, 'actor' | 'rules'>,
  lang: Lang = 'en',
): { used: readonly Detector[]; skipped: readonly SkippedRule[]; partly: readonly SkippedRule[] } {
  const { oneActor: reason, inPart } = NOTE_WORDS[lang];
  const wanted = detectors.filter(({ rule }) => question.rules?.includes(rule) ?? true);
  const canJudge = (detector: Detector): boolean => question.actor === undefined || detector.baseline !== 'tenant';
  return {
    used: wanted.filter(canJudge),
    skipped: wanted.filter((detector) => !canJudge(detector)).map(({ rule }) => ({ rule, reason })),
    partly: wanted.flatMap(({ rule }) => {
      const part = question.actor === undefined ? undefined : Object.entries(inPart).find(([name]) => name === rule);
      return part === undefined ? [] : [{ rule, reason: part[1] }];
    }),
  };
}

/** Each rule once, with all its reasons. */
export function joinSkipped(skipped: readonly SkippedRule[]): SkippedRule[] {
  const reasons = new Map<RuleId, readonly string[]>();
  for (const { rule, reason } of skipped) reasons.set(rule, [...new Set([...(reasons.get(rule) ?? []), reason])]);
  return [...reasons].map(([rule, all]) => ({ rule, reason: all.join('; ') }));
}

/** The same for an answer without a list of rules: a sentence for each reason. */
export function skippedNotes(skipped: readonly SkippedRule[], lang: Lang): string[] {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const rules = skipped.filter((one) => one.reason === reason).map(({ rule }) => rule);
    return NOTE_WORDS[lang].skippedRules(rules.join(', '), reason);
  });
}

/** The query for what `detectors` must see of the window. */
export function queryOver(detectors: readonly Detector[], question: Question): AuditQuery {
  return {
    window: question.window,
    order: 'oldest_first',
    timeZone: question.timeZone,
    ownReads: 'exclude',
    eventKeys: [...new Set(detectors.flatMap(({ eventKeys }) => eventKeys))],
    ...(question.actor === undefined ? {} : { actorId: question.actor }),
  };
}

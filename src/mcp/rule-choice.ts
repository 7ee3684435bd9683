// Owns which rules can answer a question, and the query for what they must see.
import type { AuditQuery } from '../audit/query.ts';
import type { Detector } from '../detect/detector.ts';
import type { RuleId } from '../detect/rule-ids.ts';
import type { Question } from './findings-question.ts';
import { NOTE_WORDS, type Lang } from './note-wording.ts';

export interface SkippedRule {
  readonly rule: RuleId;
  readonly reason: string;
}

/** Rules that judge a person against the others can not judge from one person's events alone. */
export function chooseRules(
  detectors: readonly Detector[],
  question: Pick<Question, 'actor' | 'rules'>,
  lang: Lang = 'en',
): { used: readonly Detector[]; skipped: readonly SkippedRule[] } {
  const reason = NOTE_WORDS[lang].oneActor;
  const wanted = detectors.filter(({ rule }) => question.rules?.includes(rule) ?? true);
  const canJudge = (detector: Detector): boolean => question.actor === undefined || detector.baseline !== 'tenant';
  return {
    used: wanted.filter(canJudge),
    skipped: wanted.filter((detector) => !canJudge(detector)).map(({ rule }) => ({ rule, reason })),
  };
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

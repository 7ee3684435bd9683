// Owns how a question for risky changes is answered: which rules run, which only support them, and what is read.
import { changeRun, HEAVY_CHANGE_KEYS, RISKY_CHANGE_DETECTORS } from '../detect/risky-changes.ts';
import { chooseRules, queryOver, type Judge } from './findings.ts';
import { judge } from './judge.ts';

const DAY_MS = 86_400_000;

export const judgeChanges: Judge = async (question, window, context) => {
  const { used, skipped } = chooseRules(RISKY_CHANGE_DETECTORS, question);
  const run = changeRun(used.map(({ rule }) => rule));
  const supporting = chooseRules(run.supporting, question.actor === undefined ? {} : { actor: question.actor }).used;
  const query = queryOver(window, [...used, ...supporting], question);
  const isLight = (key: string): boolean => HEAVY_CHANGE_KEYS.every((heavy) => heavy !== key);
  const baselineKeys = query.eventKeys?.filter(isLight) ?? [];
  const judged = await judge(used, query, question.baselineDays * DAY_MS, context, { supporting, baselineKeys });
  return { judged, query, evaluated: used.map(({ rule }) => rule), skipped };
};

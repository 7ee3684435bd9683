// Owns the question behind a report of findings: what was asked for, and the cursor that carries it from page to page.
import { z } from 'zod';
import type { TimeWindow } from '../audit/query.ts';
import { SEVERITIES, type Severity } from '../detect/detector.ts';
import { decodeCursor, encodeCursor, refuseBesideCursor } from './cursor.ts';
import { actorParam, countParam, windowParams } from './params.ts';
import { windowOf } from './query-input.ts';
import type { ToolContext } from './tool.ts';

const BASELINE_DAYS_DEFAULT = 30;
const FINDINGS_DEFAULT = 25;

export function findingsInput(rules: readonly string[]) {
  return z.strictObject({
    ...windowParams,
    actor: actorParam,
    rules: z.array(z.enum(rules)).min(1).optional().describe('Only these rules. Default all'),
    min_severity: z.enum(SEVERITIES).optional().describe('Default low'),
    baseline_days: countParam(0, 89, `Days before the window to learn habits from. Default ${BASELINE_DAYS_DEFAULT}`),
    max_findings: countParam(1, 100, `1–100. Default ${FINDINGS_DEFAULT}`),
    cursor: z.string().optional().describe('next_cursor of the answer before; pass it alone'),
  });
}
export type FindingsInput = z.output<ReturnType<typeof findingsInput>>;

/** A question as a cursor carries it: values without names, since a model writes every character of it out again. */
const packedSchema = z.tuple([
  z.int(),
  z.int(),
  z.string(),
  z.string(),
  z.array(z.string()),
  z.enum(SEVERITIES),
  z.int(),
  z.int(),
  z.int(),
]);

export interface Question {
  readonly window: TimeWindow;
  readonly timeZone: string;
  readonly actor?: string;
  readonly rules?: readonly string[];
  readonly minSeverity: Severity;
  readonly baselineDays: number;
  readonly maxFindings: number;
  readonly offset: number;
}

function pack({ window, timeZone, actor = '', rules = [], ...rest }: Question): z.input<typeof packedSchema> {
  const { minSeverity, baselineDays, maxFindings, offset } = rest;
  const written = [...rules];
  return [window.startMs, window.endMs, timeZone, actor, written, minSeverity, baselineDays, maxFindings, offset];
}

function unpack(packed: z.output<typeof packedSchema>): Question {
  const [startMs, endMs, timeZone, actor, rules, minSeverity, baselineDays, maxFindings, offset] = packed;
  return {
    window: { startMs, endMs },
    timeZone,
    minSeverity,
    baselineDays,
    maxFindings,
    offset,
    ...(actor === '' ? {} : { actor }),
    ...(rules.length === 0 ? {} : { rules }),
  };
}

export async function questionOf(tool: string, input: FindingsInput, context: ToolContext): Promise<Question> {
  if (input.cursor !== undefined) {
    refuseBesideCursor(input);
    return unpack(decodeCursor(tool, packedSchema, input.cursor));
  }
  const { window, timeZone } = windowOf(input, context);
  return {
    window,
    timeZone,
    ...(input.actor === undefined ? {} : { actor: await context.people.resolveActor(input.actor, context) }),
    ...(input.rules === undefined ? {} : { rules: input.rules }),
    minSeverity: input.min_severity ?? 'low',
    baselineDays: input.baseline_days ?? BASELINE_DAYS_DEFAULT,
    maxFindings: input.max_findings ?? FINDINGS_DEFAULT,
    offset: 0,
  };
}

/** The cursor of the page that begins at `offset`. */
export function cursorOf(tool: string, question: Question, offset: number): string {
  return encodeCursor(tool, pack({ ...question, offset }));
}

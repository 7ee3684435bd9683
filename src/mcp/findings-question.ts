// Owns the question behind a report of findings: what was asked for, and the cursor that carries it from page to page.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TimeWindow } from '../audit/query.ts';
import { SEVERITIES, type Severity } from '../detect/detector.ts';
import type { FindingPlace } from '../detect/findings.ts';
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
  z.tuple([z.enum(SEVERITIES), z.string(), z.string(), z.string()]).nullable(),
]);

export interface Question {
  readonly window: TimeWindow;
  readonly timeZone: string;
  readonly actor?: string;
  readonly rules?: readonly string[];
  readonly minSeverity: Severity;
  readonly baselineDays: number;
  readonly maxFindings: number;
  /** Where the pages before ended. */
  readonly after?: ShownUntil;
}

export interface ShownUntil {
  /** The last finding that was shown. */
  readonly last: FindingPlace;
  /** A digest of that one and all before it: findings are judged anew for every page, and may have changed. */
  readonly digest: string;
}

const DIGEST_LENGTH = 8;

/** Where a page ends whose last finding is the last of `shown`, which holds all before it too. */
export function shownUntil(shown: readonly FindingPlace[]): ShownUntil | undefined {
  const last = shown.at(-1);
  const digest = createHash('sha256')
    .update(JSON.stringify(shown.map(({ id }) => id)))
    .digest('base64url');
  return last === undefined ? undefined : { last, digest: digest.slice(0, DIGEST_LENGTH) };
}

function pack({ window, timeZone, actor = '', rules = [], ...rest }: Question): z.input<typeof packedSchema> {
  const { minSeverity, baselineDays, maxFindings, after } = rest;
  const written = [...rules];
  const place = after === undefined ? null : placeOf(after);
  return [window.startMs, window.endMs, timeZone, actor, written, minSeverity, baselineDays, maxFindings, place];
}

function placeOf({ last, digest }: ShownUntil): [Severity, string, string, string] {
  return [last.severity, last.last_at, last.id, digest];
}

function shownAt([severity, last_at, id, digest]: ReturnType<typeof placeOf>): ShownUntil {
  return { last: { severity, last_at, id }, digest };
}

function unpack(packed: z.output<typeof packedSchema>): Question {
  const [startMs, endMs, timeZone, actor, rules, minSeverity, baselineDays, maxFindings, place] = packed;
  return {
    window: { startMs, endMs },
    timeZone,
    minSeverity,
    baselineDays,
    maxFindings,
    ...(place === null ? {} : { after: shownAt(place) }),
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
  };
}

/** The cursor of the page behind `after`. */
export function cursorOf(tool: string, question: Question, after: ShownUntil): string {
  return encodeCursor(tool, pack({ ...question, after }));
}

// Owns how answers and errors look on the wire; everything that leaves for a model passes the cleaning here.
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ERROR_HINTS } from '../error-hints.ts';
import { toAuditError, type ErrorCode, type FieldError } from '../errors.ts';
import { cleanDeep, cleanLines, cleanText } from '../text/clean.ts';
import type { ToolAnswer } from './tool.ts';

export const ERROR_META_KEY = 'pachca-audit/error';

/** An error as the contract promises it. */
export interface ErrorAnswer {
  code: ErrorCode;
  message: string;
  hint: string;
  retryable: boolean;
  status?: number;
  request_id?: string;
  retry_after_seconds?: number;
  fields?: unknown;
}

/** Leaves out what is undefined: nothing is null in an answer, and nothing is a guess. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> };
export function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}

const MESSAGE_MAX = 1000;
const HINT_MAX = 2000;
const VALUE_MAX = 200;
/** A call with a thousand wrong arguments is not worth a longer answer than one with twenty. */
const FIELDS_MAX = 20;
const ALLOWED_MAX = 60;

/** Cleaned first, since hidden characters could break a secret up; cut last, since half of a secret would not be found. */
function safeText(redact: (text: string) => string) {
  return (text: string, maxLength: number): string => cleanText(redact(cleanText(text)), maxLength);
}

function fieldAnswers(fields: readonly FieldError[], safe: ReturnType<typeof safeText>): FieldError[] {
  return fields.slice(0, FIELDS_MAX).map(({ field, message, value, allowed }) => ({
    field: safe(field, VALUE_MAX),
    message: safe(message, MESSAGE_MAX),
    ...(value === undefined ? {} : { value: safe(value, VALUE_MAX) }),
    ...(allowed === undefined ? {} : { allowed: allowed.slice(0, ALLOWED_MAX).map((one) => safe(one, VALUE_MAX)) }),
  }));
}

/** `error` with its code, hint and what the API said; `redact` takes the token out. */
export function errorAnswer(error: unknown, redact: (text: string) => string): ErrorAnswer {
  const failure = toAuditError(error);
  const { hint, retryable } = ERROR_HINTS[failure.code];
  const safe = safeText(redact);
  return {
    code: failure.code,
    message: safe(failure.message, MESSAGE_MAX),
    hint: safe(failure.hint ?? hint, HINT_MAX),
    retryable: failure.retryable ?? retryable,
    ...defined({
      status: failure.status,
      request_id: failure.requestId === undefined ? undefined : safe(failure.requestId, VALUE_MAX),
      retry_after_seconds: failure.retryAfterSeconds,
      fields: failure.fields === undefined ? undefined : fieldAnswers(failure.fields, safe),
    }),
  };
}

const sentence = (text: string): string => (/[.!?…]$/u.test(text) ? text : `${text}.`);

/** What failed and what to do, in two sentences. */
export function errorText({ message, hint }: Pick<ErrorAnswer, 'message' | 'hint'>): string {
  return `${sentence(message)} ${sentence(hint)}`;
}

/**
 * An error result without structured content: clients of 2025 check that against the output schema even on errors, and
 * throw. The code and the hint travel as text for the model and in `_meta` for programs.
 */
export function errorResult(error: unknown, redact: (text: string) => string): CallToolResult {
  const answer = errorAnswer(error, redact);
  return {
    isError: true,
    content: [
      { type: 'text', text: errorText(answer) },
      { type: 'text', text: JSON.stringify(answer) },
    ],
    _meta: { [ERROR_META_KEY]: answer },
  };
}

interface Written {
  readonly structured: ToolAnswer['structured'];
  readonly text: string;
}

/** What was written of answers; one that is given again is cleaned once. */
const written = new WeakMap<object, Written>();

/** `structured`, clean, and line feeds only where the tool asked for them. */
function write({ structured, multiline = [] }: ToolAnswer): Written {
  const known = written.get(structured);
  if (known !== undefined) return known;
  const lines = multiline.flatMap((name) => {
    const text = structured[name];
    return typeof text === 'string' ? [[name, cleanLines(text)] as const] : [];
  });
  const clean: ToolAnswer['structured'] = { ...cleanDeep(structured), ...Object.fromEntries(lines) };
  const result = { structured: clean, text: JSON.stringify(clean) };
  written.set(structured, result);
  return result;
}

/** An answer as it may leave: clean and without secrets. */
export function safeAnswer(answer: ToolAnswer, redact: (text: string) => string): Written {
  const result = write(answer);
  const { text } = result;
  const safe = redact(text);
  // Nearly always the same text: then nothing is parsed.
  return safe === text ? result : { structured: structuredSchema.parse(JSON.parse(safe)), text: safe };
}

const structuredSchema = z.record(z.string(), z.unknown());

/** A tool's answer: the structured content, the same facts as compact JSON, and links to files. */
export function answerResult(answer: ToolAnswer, redact: (text: string) => string): CallToolResult {
  const { structured, text } = safeAnswer(answer, redact);
  return {
    structuredContent: structured,
    content: [
      { type: 'text', text },
      ...(answer.links ?? []).map((link) => ({ type: 'resource_link' as const, ...cleanDeep(link) })),
    ],
  };
}

// Owns how answers and errors look on the wire; everything that leaves for a model passes the cleaning here.
import type { CallToolResult } from '@modelcontextprotocol/server';
import { ERROR_HINTS } from '../error-hints.ts';
import { toAuditError } from '../errors.ts';
import { cleanDeep } from '../text/clean.ts';
import type { ToolAnswer } from './tool.ts';

export const ERROR_META_KEY = 'pachca-audit/error';

/** An error as the contract promises it. */
export interface ErrorAnswer {
  code: string;
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

/** `error` with its code, hint and what the API said; `redact` takes the token out. */
export function errorAnswer(error: unknown, redact: (text: string) => string): ErrorAnswer {
  const failure = toAuditError(error);
  const { hint, retryable } = ERROR_HINTS[failure.code];
  const answer = {
    code: failure.code,
    message: redact(failure.message),
    hint: redact(failure.hint ?? hint),
    retryable,
    ...defined({
      status: failure.status,
      request_id: failure.requestId,
      retry_after_seconds: failure.retryAfterSeconds,
      fields: failure.fields?.map((field) => ({ ...field, message: redact(field.message) })),
    }),
  };
  return cleanDeep(answer);
}

const sentence = (text: string): string => (/[.!?…]$/u.test(text) ? text : `${text}.`);

/**
 * An error result without structured content: clients of 2025 check that against the output schema even on errors, and
 * throw. The code and the hint travel as text for the model and in `_meta` for programs.
 */
export function errorResult(error: unknown, redact: (text: string) => string): CallToolResult {
  const answer = errorAnswer(error, redact);
  return {
    isError: true,
    content: [
      { type: 'text', text: `${sentence(answer.message)} ${sentence(answer.hint)}` },
      { type: 'text', text: JSON.stringify(answer) },
    ],
    _meta: { [ERROR_META_KEY]: answer },
  };
}

/** A tool's answer: the structured content, the same facts as compact JSON, and links to files. */
export function answerResult(answer: ToolAnswer): CallToolResult {
  const structured = cleanDeep(answer.structured);
  return {
    structuredContent: structured,
    content: [
      { type: 'text', text: JSON.stringify(structured) },
      ...(answer.links ?? []).map((link) => ({ type: 'resource_link' as const, ...cleanDeep(link) })),
    ],
  };
}

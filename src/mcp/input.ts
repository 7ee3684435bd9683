// Owns the check of what a client sends: every wrong value becomes one field error that names the right ones.
import type { z } from 'zod';
import { AuditError, type FieldError } from '../errors.ts';

const SHOWN_VALUE_MAX = 80;
const ALLOWED_MAX = 60;

function showValue(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
  return text.length > SHOWN_VALUE_MAX ? `${text.slice(0, SHOWN_VALUE_MAX)}…` : text;
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
    '',
  );
}

function fieldErrors(issue: z.core.$ZodIssue, argumentNames: readonly string[]): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, key]),
      message: 'unknown argument',
      allowed: argumentNames,
    }));
  }
  const value = showValue(issue.input);
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String).slice(0, ALLOWED_MAX) : undefined;
  return [
    {
      field: fieldName(issue.path) || 'arguments',
      message: issue.message,
      ...(value === undefined ? {} : { value }),
      ...(allowed === undefined ? {} : { allowed }),
    },
  ];
}

/** Turns field errors into the error that a client sees. */
export function inputError(fields: readonly FieldError[]): AuditError {
  const described = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const unknown = fields.find(({ message }) => message === 'unknown argument');
  const hint =
    unknown === undefined
      ? 'Correct the named values and call again.'
      : unknown.allowed?.length === 0
        ? 'This tool takes no arguments.'
        : `The arguments of this tool are: ${unknown.allowed?.join(', ')}.`;
  return new AuditError('invalid_input', `The arguments are wrong (${described}).`, { hint, fields });
}

/** `raw` as the schema's output. An absent object counts as empty. Throws AuditError `invalid_input` with all fields. */
export function parseInput<Schema extends z.ZodObject>(schema: Schema, raw: unknown): z.output<Schema> {
  const parsed = schema.safeParse(raw ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const argumentNames = Object.keys(schema.shape);
  throw inputError(parsed.error.issues.flatMap((issue) => fieldErrors(issue, argumentNames)));
}

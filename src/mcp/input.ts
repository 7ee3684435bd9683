// Owns the check of what a client sends: every wrong value becomes one field error that names the right ones.
import type { z } from 'zod';
import { AuditError, type FieldError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';

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

/** Without the list: it is told once, in the hint and in the field. */
function notAllowed(input: unknown, allowed: readonly string[]): string {
  const near = typeof input === 'string' ? nearest(input, allowed) : [];
  return `is none of the allowed values${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`;
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
      message: allowed === undefined ? issue.message : notAllowed(issue.input, allowed),
      ...(value === undefined ? {} : { value }),
      ...(allowed === undefined ? {} : { allowed }),
    },
  ];
}

function hintOf(fields: readonly FieldError[]): string {
  const unknown = fields.find(({ message }) => message === 'unknown argument');
  if (unknown?.allowed?.length === 0) return 'This tool takes no arguments.';
  if (unknown !== undefined) return `The arguments of this tool are: ${unknown.allowed?.join(', ')}.`;
  const choices = new Map(
    fields.flatMap(({ field, allowed }) => (allowed ? [[field.replace(/\[\d+\]$/u, ''), allowed]] : [])),
  );
  if (choices.size === 0) return 'Correct the named values and call again.';
  return [...choices].map(([field, allowed]) => `Allowed for ${field}: ${allowed.join(', ')}.`).join(' ');
}

/** Turns field errors into the error that a client sees. */
export function inputError(fields: readonly FieldError[]): AuditError {
  const described = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const hint = hintOf(fields);
  return new AuditError('invalid_input', `The arguments are wrong (${described}).`, { hint, fields });
}

/** `raw` as the schema's output. An absent object counts as empty. Throws AuditError `invalid_input` with all fields. */
export function parseInput<Schema extends z.ZodObject>(schema: Schema, raw: unknown): z.output<Schema> {
  const parsed = schema.safeParse(raw ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const argumentNames = Object.keys(schema.shape);
  throw inputError(parsed.error.issues.flatMap((issue) => fieldErrors(issue, argumentNames)));
}

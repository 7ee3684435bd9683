// Owns opaque cursors: a cursor carries the whole question, so that a page can not belong to another one.
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { AuditError } from '../errors.ts';

const CHECK_LENGTH = 10;

// Not a secret: it tells a cut or mistyped cursor, and one of another tool, from a good one.
function check(purpose: string, payload: string): string {
  return createHash('sha256').update(`${purpose}\n${payload}`).digest('base64url').slice(0, CHECK_LENGTH);
}

/** `state` as an opaque cursor of the tool `purpose`. */
export function encodeCursor(purpose: string, state: unknown): string {
  const payload = Buffer.from(JSON.stringify(state)).toString('base64url');
  return payload + check(purpose, payload);
}

function invalidCursor(message: string, cause?: unknown): AuditError {
  return new AuditError('invalid_cursor', message, {
    fields: [{ field: 'cursor', message: 'not a cursor of this tool' }],
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The state behind `cursor`. Throws AuditError `invalid_cursor` for anything that this tool did not give out. */
export function decodeCursor<Schema extends z.ZodType>(
  purpose: string,
  schema: Schema,
  cursor: string,
): z.output<Schema> {
  const payload = cursor.slice(0, -CHECK_LENGTH);
  if (payload === '' || check(purpose, payload) !== cursor.slice(-CHECK_LENGTH)) {
    throw invalidCursor('The cursor was not given out by this tool, or a part of it is missing.');
  }
  try {
    return schema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch (error) {
    throw invalidCursor('The cursor comes from another version of this program.', error);
  }
}

/** Refuses every argument beside `cursor`: it carries the question, and a second one would be ignored in silence. */
export function refuseBesideCursor(input: Record<string, unknown>): void {
  const others = Object.keys(input).filter((name) => name !== 'cursor' && input[name] !== undefined);
  if (others.length === 0) return;
  throw new AuditError(
    'invalid_cursor',
    `A cursor carries its whole question; ${others.join(', ')} beside it would be ignored.`,
    {
      hint: 'Pass the cursor alone, or leave it out to ask anew.',
      fields: others.map((field) => ({ field, message: 'not allowed beside cursor' })),
    },
  );
}

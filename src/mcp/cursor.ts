// Owns opaque cursors: a cursor carries the whole question, so that a page can not belong to another one.
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { z } from 'zod';
import { AuditError } from '../errors.ts';

const CHECK_LENGTH = 10;

/**
 * What cursors are made of: with it known on both sides, little more than the values has to be written, and a model writes
 * every character of a cursor out again. Changing it makes the cursors of followers unreadable: leave it.
 */
const DICTIONARY = Buffer.from(
  '{"position":{"doneMs":179,"doneId":"","given":""},"event_keys":["user_login","message_deleted"],"time_zone":"UTC"' +
    '"read_down_to_ms":179"after":{"id":"","created_at":"2026-01-01T00:00:00.000Z"}"limit":100,"format":"detailed"' +
    ',"eventKeys":["access_token_created"],"actorId":"","actorType":"User","entityId":"","entityType":"User","chatId":"",' +
    '"ipAddress":"","timeOfDay":{"fromMinute":0,"toMinute":0},"order":"oldest_first","ownReads":"keep"' +
    '{"query":{"window":{"startMs":179,"endMs":179},"timeZone":"Europe/Moscow","order":"newest_first","ownReads":"exclude"},' +
    '"limit":50,"format":"concise","after":{"id":"',
);
/** Far more than any question; a cursor that unfolds to more was not made here. */
const STATE_BYTES_MAX = 65_536;

// Not a secret: it tells a cut or mistyped cursor, and one of another tool, from a good one.
function check(purpose: string, payload: string): string {
  return createHash('sha256').update(`${purpose}\n${payload}`).digest('base64url').slice(0, CHECK_LENGTH);
}

/** `state` as an opaque cursor of the tool `purpose`. */
export function encodeCursor(purpose: string, state: unknown): string {
  const payload = deflateRawSync(JSON.stringify(state), { dictionary: DICTIONARY, level: 9 }).toString('base64url');
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
    const packed = Buffer.from(payload, 'base64url');
    const text = inflateRawSync(packed, { dictionary: DICTIONARY, maxOutputLength: STATE_BYTES_MAX }).toString('utf8');
    return schema.parse(JSON.parse(text));
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

// Tests how wrong arguments are told.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AuditError } from '../../src/errors.ts';
import { parseInput } from '../../src/mcp/input.ts';

const schema = z.strictObject({
  limit: z.int().min(1).max(200).optional(),
  event_keys: z.array(z.enum(['user_login', 'user_logout'])).optional(),
});

function refusal(raw: unknown): AuditError {
  try {
    parseInput(schema, raw);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('parseInput', () => {
  test('returns what fits, and counts absent arguments as none', () => {
    expect(parseInput(schema, { limit: 5 })).toEqual({ limit: 5 });
    expect(parseInput(schema, undefined)).toEqual({});
  });

  test('names an unknown argument and lists the right ones', () => {
    const error = refusal({ eventkey: 'user_login' });
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain('eventkey');
    expect(error.hint).toContain('limit, event_keys');
    expect(error.fields).toEqual([
      { field: 'eventkey', message: 'unknown argument', allowed: ['limit', 'event_keys'] },
    ]);
  });

  test('shows a wrong value with its place and the allowed ones', () => {
    expect(refusal({ event_keys: ['user_login', 'user_signed_in'] }).fields).toEqual([
      expect.objectContaining({
        field: 'event_keys[1]',
        value: 'user_signed_in',
        allowed: ['user_login', 'user_logout'],
      }),
    ]);
  });

  test('tells the allowed values once in the words, and the ones that come near', () => {
    const { message, hint } = refusal({ event_keys: ['user_logn', 'nonsense'] });
    expect(message).toBe(
      'The arguments are wrong (event_keys[0]: is none of the allowed values; did you mean user_login or user_logout?; event_keys[1]: is none of the allowed values).',
    );
    expect(hint).toBe('Allowed for event_keys: user_login, user_logout.');
  });

  test('refuses limit 0 and 201, and reports every wrong field at once', () => {
    expect(refusal({ limit: 0 }).fields).toMatchObject([{ field: 'limit', value: '0' }]);
    expect(refusal({ limit: 201 }).fields).toMatchObject([{ field: 'limit', value: '201' }]);
    expect(refusal({ limit: 'ten', event_keys: 'user_login', x: 1 }).fields).toHaveLength(3);
  });

  test('cuts a long value', () => {
    expect(refusal({ limit: 'x'.repeat(5000) }).fields?.[0]?.value?.length).toBeLessThan(100);
  });
});

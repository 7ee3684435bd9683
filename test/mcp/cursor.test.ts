import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, refuseBesideCursor } from '../../src/mcp/cursor.ts';

const schema = z.object({ after: z.string() });

describe('cursors', () => {
  test('come back as they were given out', () => {
    expect(decodeCursor('list', schema, encodeCursor('list', { after: 'Ж' }))).toEqual({ after: 'Ж' });
  });

  test.each([
    ['of another tool', encodeCursor('other', { after: 'a' })],
    ['cut short', encodeCursor('list', { after: 'a' }).slice(0, -1)],
    ['of the API itself', 'eyJpZCI6MTAsImRpciI6ImFzYyJ9'],
    ['empty', ''],
    ['of another version', encodeCursor('list', { before: 'a' })],
  ])('are refused when they are %s', (_name, cursor) => {
    expect(() => decodeCursor('list', schema, cursor)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
  });

  test('allow no other argument beside them', () => {
    expect(() => refuseBesideCursor({ cursor: 'c', limit: undefined })).not.toThrow();
    expect(() => refuseBesideCursor({ cursor: 'c', actor: '1' })).toThrow(
      expect.objectContaining({ code: 'invalid_cursor', fields: [expect.objectContaining({ field: 'actor' })] }),
    );
  });
});

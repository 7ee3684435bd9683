// Tests cursors: what they carry, how short they are, and what is refused.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, refuseBesideCursor } from '../../src/mcp/cursor.ts';

const schema = z.object({ after: z.string() });

describe('cursors', () => {
  test('come back as they were given out', () => {
    expect(decodeCursor('list', schema, encodeCursor('list', { after: 'Ж' }))).toEqual({ after: 'Ж' });
  });

  test('cost little more than their values: a model writes them out again', () => {
    const window = { startMs: 1_793_068_356_000, endMs: 1_795_660_356_000 };
    const state = {
      query: { window, timeZone: 'Europe/Moscow', order: 'newest_first', ownReads: 'exclude' },
      limit: 50,
      format: 'concise',
      after: { id: '75304963-8a71-49e5-9644-31c2d30dea25', created_at: '2026-11-20T11:13:51.964Z' },
    };
    expect(encodeCursor('list', state).length).toBeLessThan(JSON.stringify(state).length / 2);
  });

  test('are refused when they would unfold to more than a question can be', () => {
    const huge = encodeCursor('list', { after: 'a'.repeat(1_000_000) });
    expect(huge.length).toBeLessThan(3000);
    expect(() => decodeCursor('list', schema, huge)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
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

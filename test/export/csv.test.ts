// Tests that CSV is a table for every reader and runs nothing in any spreadsheet.
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import { csv } from '../../src/export/csv.ts';
import { HONEST_TEXTS, HOSTILE_CORPUS } from '../support/hostile-corpus.ts';
import { sampleEvent, SAMPLE_START_MS } from '../support/sample-events.ts';
import { describeFormat } from './contract.ts';

describeFormat('csv');

/** Reads the table as a spreadsheet would, with a parser that is not ours. */
function readTable(events: readonly AuditEvent[]): Record<string, string>[] {
  return parse(csv.head + events.map(csv.row).join(''), { bom: true, columns: true });
}

function cellOf(text: string): string {
  return readTable([sampleEvent(1, SAMPLE_START_MS, { user_agent: text })])[0]?.['user_agent'] ?? '';
}

test('has the documented fields in their columns, nulls empty and details as JSON', () => {
  const event = sampleEvent(5, SAMPLE_START_MS, { details: { tags: ['a', 'б'], n: 1 }, ip_address: null });
  expect(readTable([event])).toEqual([
    {
      id: event.id,
      created_at: '2026-03-01T00:00:00.000Z',
      event_key: 'user_login',
      entity_type: 'User',
      entity_id: '5',
      actor_type: 'User',
      actor_id: '5',
      ip_address: '',
      user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
      details: '{"tags":["a","б"],"n":1}',
    },
  ]);
});

test('tells empty details from no details', () => {
  const [empty, none] = readTable([
    sampleEvent(1, SAMPLE_START_MS, { details: {} }),
    sampleEvent(2, SAMPLE_START_MS, { details: null }),
  ]);
  expect([empty?.['details'], none?.['details']]).toEqual(['{}', '']);
});

test('begins with a byte order mark, without which Excel loses Cyrillic', () => {
  expect(Buffer.from(csv.head).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
});

test('quotes as RFC 4180 says', () => {
  expect(cellOf('a "b", c')).toBe('a "b", c');
  expect(cellOf(' padded ')).toBe(' padded ');
});

describe('formulas', () => {
  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '＝1',
    '＋1',
    '－1',
    '＠a',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '\u00A0=1',
  ];
  test.each([...formulas, '\u200B=1', '\uFEFF+1', '\u202E=1', '\tplain', '\rplain', '−1', '﹦1'])(
    'an apostrophe stands before %j',
    (text) => {
      expect(cellOf(text).startsWith("'")).toBe(true);
    },
  );

  test('a cell of many megabytes is a cell', () => {
    const text = 'a; b'.repeat(2_500_000);
    expect(csv.row(sampleEvent(1, SAMPLE_START_MS, { details: { text } })).length).toBeGreaterThan(text.length);
  });

  test('no cell begins with a formula, even when the file is split at semicolons as Excel with Russian settings does', () => {
    const payload = "=cmd|' /C calc'!A0";
    const texts = [
      ...HOSTILE_CORPUS.map(({ text }) => text),
      payload,
      `a;${payload}`,
      `a; ${payload}`,
      `a;\u200B${payload}`,
      `a;"${payload};x`,
      `a; ""${payload}`,
    ];
    for (const text of texts) {
      const row = csv.row(
        sampleEvent(1, SAMPLE_START_MS, { entity_id: text, details: { new_name: text, [text]: text } }),
      );
      for (const cell of [...row.trimEnd().split(';'), ...Object.values(parse(row)[0] ?? {}).map(String)]) {
        expect(cell).not.toMatch(/^[\s\p{Cf}"]*[=+\-@＝＋－＠]/u);
      }
    }
  });

  test('what only looks a little like one stays as it is', () => {
    const texts = [
      'a=b',
      'user@example.test',
      '1-2',
      'C++',
      'Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko',
      'Привет; мир',
    ];
    expect(texts.map(cellOf)).toEqual(texts);
  });
});

test('honest text of any script comes through', () => {
  const texts = HONEST_TEXTS.filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}]|^[=+\-@]/u.test(text));
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.map(cellOf)).toEqual(texts);
});

test('line ends and other controls cannot forge a row: they are written as escapes', () => {
  const forged = 'agent\r\n0,2026-03-01T00:00:00Z,user_login\u0000\u0085\u2028';
  const rows = readTable([sampleEvent(1, SAMPLE_START_MS, { user_agent: forged })]);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.['user_agent']).toBe(String.raw`agent\r\n0,2026-03-01T00:00:00Z,user_login\u0000\u0085\u2028`);
});

test('a lone surrogate is written as its escape', () => {
  expect(cellOf('x\uD83Dy')).toBe(String.raw`x\ud83dy`);
});

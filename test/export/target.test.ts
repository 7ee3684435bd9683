// Tests that a file name, which an agent may have written, never leads out of the export folder.
import { expect, test } from 'vitest';
import { checkFileName, targetIn } from '../../src/export/target.ts';

test.each([
  '..',
  '.',
  '../a',
  '../../etc/passwd',
  'a/../../b',
  'sub/a.ndjson',
  '/etc/passwd',
  'a\\b',
  '..\\a',
  'C:\\a',
  'c:a',
  '\\\\server\\share',
  'a\0/../b',
  './a',
])('%j leads out of the export folder', (name) => {
  expect(() => checkFileName(name)).toThrow(expect.objectContaining({ code: 'outside_export_dir' }));
});

test.each([
  '',
  '.hidden',
  '.partial-1',
  'a\0b',
  'a\nb',
  'a\u001Bb',
  'a\u202Efdp.exe',
  'a\u200Bb',
  'a\uD83Db',
  'ab:stream',
  'a*',
  'a?',
  'a|b',
  '<a>',
  'a"',
  'con',
  'CON.ndjson',
  'nul.txt',
  'com1',
  'LPT9.csv',
  'a.',
  'a ',
  ' a',
  '~a',
  '-rf',
  'a.manifest.json',
  'я'.repeat(101),
  'a'.repeat(201),
])('%j is refused as a name', (name) => {
  expect(() => checkFileName(name)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test.each([
  'a',
  'log.ndjson.gz',
  'Журнал за март.csv',
  'a..b',
  'console.csv',
  '2026-03-01',
  'a'.repeat(200),
  '東京.csv',
])('%j is a plain name', (name) => {
  expect(targetIn('/exports', name)).toEqual({
    name,
    path: `/exports/${name}`,
    manifestPath: `/exports/${name}.manifest.json`,
  });
});

test('the error names the argument and what it was', () => {
  expect(() => checkFileName('../a')).toThrow(
    expect.objectContaining({ fields: [{ field: 'file_name', message: 'must be a plain file name', value: '../a' }] }),
  );
});

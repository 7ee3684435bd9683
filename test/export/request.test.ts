// Tests of what makes two requests one export, and of the names that files get.
import { expect, test } from 'vitest';
import { defaultFileName, digestOf, type ExportRequest } from '../../src/export/request.ts';
import { sampleQuery } from '../support/sample-events.ts';

const source = { kind: 'api', location: 'https://api.example.test' } as const;
const march = (timeZone: string, from = '2026-03-01T00:00:00', to = '2026-03-11T00:00:00', offset = 'Z') =>
  sampleQuery({ startMs: Date.parse(`${from}${offset}`), endMs: Date.parse(`${to}${offset}`) }, { timeZone });
const request = (change: Partial<ExportRequest> = {}): ExportRequest => ({
  query: march('UTC'),
  format: 'ndjson',
  compression: 'none',
  overwrite: false,
  ...change,
});

test('whole days are called by their first and last day', () => {
  expect(defaultFileName(request())).toBe('pachca-audit_2026-03-01_2026-03-10.ndjson');
  expect(defaultFileName(request({ compression: 'gzip', format: 'csv' }))).toBe(
    'pachca-audit_2026-03-01_2026-03-10.csv.gz',
  );
});

test('whole days are local days, summer time or not', () => {
  const moscow = march('Europe/Moscow', '2026-03-01T00:00:00', '2026-03-11T00:00:00', '+03:00');
  expect(defaultFileName(request({ query: moscow }))).toBe('pachca-audit_2026-03-01_2026-03-10.ndjson');
  const berlin = sampleQuery(
    { startMs: Date.parse('2026-03-29T00:00:00+01:00'), endMs: Date.parse('2026-03-30T00:00:00+02:00') },
    { timeZone: 'Europe/Berlin' },
  );
  expect(defaultFileName(request({ query: berlin }))).toBe('pachca-audit_2026-03-29_2026-03-29.ndjson');
});

test('other windows are called by their local times', () => {
  const query = march('Europe/Moscow', '2026-03-01T07:30:00', '2026-03-01T08:00:05');
  expect(defaultFileName(request({ query }))).toBe('pachca-audit_20260301T103000_20260301T110005.ndjson');
});

test('filters get the file a name of its own', () => {
  const filtered = (eventKeys: string[]) => request({ query: { ...march('UTC'), eventKeys } });
  const name = defaultFileName(filtered(['user_login', 'user_logout']));
  expect(name).toMatch(/^pachca-audit_2026-03-01_2026-03-10_[0-9a-f]{8}\.ndjson$/);
  expect(defaultFileName(filtered(['user_logout', 'user_login']))).toBe(name);
  expect(defaultFileName(filtered(['user_login']))).not.toBe(name);
});

test('what is read decides whether two requests share it: not the name, the zone or overwrite', () => {
  const digest = digestOf(request(), source, '1000');
  const same = [
    request({ fileName: 'x' }),
    request({ overwrite: true }),
    request({ query: { ...march('Asia/Tokyo') } }),
  ];
  for (const other of same) expect(digestOf(other, source, '1000')).toBe(digest);
  const different = [
    request({ format: 'csv' }),
    request({ compression: 'gzip' }),
    request({ query: { ...march('UTC'), actorId: '1' } }),
    request({ query: { ...march('UTC'), entityId: '1' } }),
    request({ query: march('UTC', '2026-03-01T00:00:01') }),
  ];
  const digests = [digest, ...different.map((other) => digestOf(other, source, '1000'))];
  expect(new Set([...digests, digestOf(request(), { ...source, location: 'https://other.test' }, '1000')]).size).toBe(
    7,
  );
  // One API serves many workspaces.
  expect(digestOf(request(), source, '1001')).not.toBe(digest);
});

test('hours of the day are hours of a zone', () => {
  const night = (timeZone: string) =>
    request({ query: { ...march('UTC'), timeZone, timeOfDay: { fromMinute: 1320, toMinute: 360 } } });
  expect(digestOf(night('UTC'), source, '1000')).not.toBe(digestOf(night('Asia/Tokyo'), source, '1000'));
});

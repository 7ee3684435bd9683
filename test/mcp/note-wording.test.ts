// Tests that notes say in Russian what they say in English.
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LINE_WORDS, VERIFY_WORDS } from '../../src/export/verify-wording.ts';
import { DAMAGES, NOTICE_WORDS } from '../../src/store/notice-wording.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { stillClock } from '../support/still-clock.ts';
import type { Text } from '../../src/text/lang.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startWorld } from '../support/world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;

async function russian(settings = {}, parts = {}) {
  const events = [...plainEvents({ count: 200, startMs: now - DAY_MS, endMs: now, keys: 'auth' })];
  const world = await startWorld({
    simulator: { events, now: () => now },
    clock: stillClock(now),
    settings: { lang: 'ru', ...settings },
    ...parts,
  });
  onTestFinished(() => world.close());
  return world;
}

/** Latin letters are left to names of fields, rules, keys and reasons to stop, and to times. */
const RUSSIAN =
  /^[^A-Za-z]*(?:(?:API|DLP|id|actor|chat|User|budget|covered|coverage|estimate|(?:[a-z]+\.)?[a-z0-9]+(?:_[a-z0-9]*)+|\d\dT\d\d:\d\d:\d\dZ)[^A-Za-z]*)*$/u;

describe('notes in Russian', () => {
  test.each([
    ['find_suspicious_logins', { start_time: 'now-100d', end_time: 'now-1h', baseline_days: 3 }, 90],
    ['find_suspicious_logins', { start_time: 'now-10d', end_time: 'now-9d' }, 90],
    ['find_suspicious_logins', { start_time: 'now-1d', end_time: '2027-01-01', baseline_days: 0 }, 1],
    ['export_audit_window', { start_time: 'now-100d', end_time: 'now-80d' }, 90],
    ['investigate_actor', { actor: '424242' }, 90],
    ['investigate_actor', { actor: '1001', start_time: 'now-60d' }, 6],
    ['find_people', { query: 'нет такого' }, 90],
    ['list_audit_events', { chat_id: '20179', start_time: 'now-2d' }, 90],
    ['list_audit_events', { actor: '5', event_keys: ['user_2fa_fail'] }, 90],
    ['list_audit_events', { start_time: 'now-60d', end_time: 'now-30d' }, 2],
    ['list_audit_events', { event_keys: ['dlp_violation_detected'] }, 90],
    ['list_audit_events', { actor: '424242' }, 90],
    ['aggregate_audit_events', { group_by: ['chat'] }, 90],
  ])('%s %j', async (tool, input, maxRequests) => {
    const world = await russian({ maxRequests });
    const { notes } = await world.call(tool, input);
    expect(notes).not.toEqual([]);
    for (const note of [notes].flat()) expect(note).toMatch(RUSSIAN);
  });

  test('of the local store', async () => {
    const dir = await temporaryFolder();
    const events = [...plainEvents({ count: 200, startMs: now - 3 * DAY_MS, endMs: now, keys: 'auth' })];
    const world = await russian({}, { store: { dir }, simulator: { events, now: () => now } });
    const question = { group_by: ['event_key'], start_time: '2026-11-18', end_time: '2026-11-18' };
    await world.call('aggregate_audit_events', question);
    const segments = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.gz'));
    for (const path of segments.map((name) => join(dir, name))) await truncate(path, (await stat(path)).size - 9);
    const { notes } = await world.call('aggregate_audit_events', question);
    expect(notes).toContainEqual(expect.stringMatching(/^Сегмент user_\w+ за 2026-11-18 в хранилище повреждён/u));
  });

  test.each([
    ['list_audit_events', {}],
    ['aggregate_audit_events', { group_by: ['actor'] }],
    ['follow_audit_events', {}],
    ['find_suspicious_logins', {}],
    ['investigate_actor', { actor: '1001' }],
    ['export_audit_window', {}],
  ])('%s tells in Russian how far it is', async (tool, input) => {
    const world = await russian();
    const told: string[] = [];
    await world.call(tool, input, { progress: (_done, _total, message) => void told.push(message) });
    expect(told).not.toEqual([]);
    for (const message of told) expect(message).toMatch(/^прочитано событий: \d+$/u);
  });
});

/** Numbers, days, codes and names, which no language changes. */
const facts = (text: string): string[] => (text.match(/[a-z]+_[a-z_]+|[\w-]*\d[\w-]*|[A-Z]{3,}/gu) ?? []).toSorted();

test.each<Text>([
  ...Object.values(DAMAGES),
  NOTICE_WORDS.badKey('2026-11-18'),
  NOTICE_WORDS.changed('user_login', '2026-11-18', 11, 12),
  NOTICE_WORDS.diskFull,
  NOTICE_WORDS.notWritten('EROFS'),
  NOTICE_WORDS.damagedSegment('user_login', '2026-11-18', DAMAGES.digest),
  NOTICE_WORDS.damagedSheet('2026-11-18'),
  NOTICE_WORDS.notOpened('user_login', '2026-11-18', 'EACCES'),
  NOTICE_WORDS.unknownOwner('unauthorized_token'),
  NOTICE_WORDS.unreadable('EACCES'),
  NOTICE_WORDS.removed(13, '2026-11-18'),
  NOTICE_WORDS.notRemoved('EACCES'),
  LINE_WORDS.older,
  LINE_WORDS.notHeading,
  LINE_WORDS.notEvent,
  VERIFY_WORDS.line(7, LINE_WORDS.repeats('0190-aa')),
  VERIFY_WORDS.moreLines(45),
  VERIFY_WORDS.differs('by_event_key user_login', 50, 10),
  VERIFY_WORDS.missing('may_1.ndjson'),
  VERIFY_WORDS.unreadable('may_1.ndjson', 'EACCES'),
  VERIFY_WORDS.notWhole('may_1.ndjson is not whole'),
  VERIFY_WORDS.endsEarly,
  VERIFY_WORDS.outside,
  VERIFY_WORDS.foreignKeys(['user_login', 'user_2fa_fail']),
  VERIFY_WORDS.sources(9, 10),
  VERIFY_WORDS.ownReads(11, 10),
])('$ru', ({ en, ru }) => {
  expect(facts(ru)).toEqual(facts(en));
  expect(ru).toMatch(/[А-Яа-я]{3}/u);
  expect(en).not.toMatch(/[А-Яа-я]/u);
});

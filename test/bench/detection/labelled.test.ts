// Tests the evaluation on files of labelled events: how they are read, and that scores see nothing they should not.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { judge, readLabelled, writeScores, type Label } from '../../../bench/detection/labelled.ts';
import { compareEvents, type AuditEvent } from '../../../src/audit/event.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const START = Date.parse('2026-01-01T09:00:00.000Z');
const DAY_MS = 86_400_000;
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';
const CURL = 'curl/8.5.0';

function login(actor: string | null, day: number, from: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: `${actor ?? 'nobody'}-${day}`,
    created_at: new Date(START + day * DAY_MS).toISOString(),
    event_key: 'user_login',
    actor_id: actor,
    ip_address: '91.10.1.7',
    user_agent: CHROME,
    ...from,
  };
}

const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Forty days of what a reader must survive. */
const events: readonly AuditEvent[] = [
  ...days(0, 40).map((day) => login('usual', day)),
  // A privacy address each day, in one /64.
  ...days(0, 40).map((day) => login('v6', day + 0.1, { ip_address: `2a02:2168:12:7::${(day + 1).toString(16)}` })),
  ...days(0, 40).map((day) =>
    login('cut', day + 0.2, { user_agent: `${CHROME} ${'Edg/138 '.repeat(30)}`.slice(0, 255) }),
  ),
  ...days(0, 40).map((day) => login('bare', day + 0.3, { ip_address: null, user_agent: null })),
  login('new', 39),
  login(null, 38),
  login('usual', 36 - 4 / 1440, { id: 'attack', ip_address: '185.220.1.1', user_agent: CURL }),
  login('usual', 30.6, { id: 'failed', event_key: 'user_2fa_fail' }),
];
const whatIf: Label[] = [{ incident: 'x-0', kind: 'x', event_ids: ['attack'], what_if: true }];

async function written(lines: string, labels: readonly unknown[], name = 'events.ndjson', packed = false) {
  const folder = await temporaryFolder();
  const [eventsPath, labelsPath] = [join(folder, name), join(folder, 'labels.json')];
  writeFileSync(eventsPath, packed ? gzipSync(lines) : lines);
  writeFileSync(labelsPath, JSON.stringify(labels));
  const warnings: string[] = [];
  const data = await readLabelled(eventsPath, labelsPath, (message) => warnings.push(message));
  return { data, warnings, folder };
}

const ndjson = (some: readonly AuditEvent[]) => some.map((event) => JSON.stringify(event)).join('\n');
const scoresOf = (some: readonly AuditEvent[], labels: readonly Label[]) =>
  new Map(
    judge({ name: '', events: some.toSorted(compareEvents), labels }).logins.map(({ event, risk }) => [
      event.id,
      risk.total,
    ]),
  );

describe('files of labelled events', () => {
  test('are read plain or packed whatever their name, in any order, with repeats, line ends of Windows and a mark in front', async () => {
    const shuffled = [...events.toReversed(), ...events.slice(0, 5)];
    const plain = await written(ndjson(events), whatIf);
    const packed = await written(ndjson(shuffled), whatIf, 'packed-without-saying-so.ndjson', true);
    const windows = await written(`\uFEFF${ndjson(shuffled).replaceAll('\n', '\r\n')}\r\n\r\n`, whatIf);
    for (const { data, warnings } of [plain, packed, windows]) {
      expect(warnings).toEqual([]);
      expect(data.events.map(({ id }) => id)).toEqual(events.toSorted(compareEvents).map(({ id }) => id));
    }
  });

  test('say what they do not fit together in, and are judged without it', async () => {
    const labels = [{ incident: 'x-0', kind: 'x', event_ids: ['attack', 'gone'], what_if: null }];
    const { data, warnings } = await written(`${ndjson(events)}\n{"id":1}\nno json`, labels);
    expect(warnings).toHaveLength(3);
    expect(warnings.join()).toMatch(/line 169 .*line 170 .*first gone/u);
    expect(judge(data).logins.some(({ kind }) => kind === 'x')).toBe(true);
  });

  test('without an event are judged too', async () => {
    const { data } = await written('', []);
    expect(judge(data)).toMatchObject({ findings: [], logins: [] });
  });
});

describe('scores', () => {
  test('are written for every login after 30 days and for nothing else: no address, no client, no actor, no history', async () => {
    const { data, folder } = await written(ndjson(events), whatIf);
    const path = join(folder, 'scores.json');
    writeScores(path, judge(data).logins);
    const scores: { event_id: string; score: number }[] = JSON.parse(readFileSync(path, 'utf8'));
    const expected = events.filter(
      ({ event_key, created_at }) => event_key === 'user_login' && Date.parse(created_at) >= START + 30 * DAY_MS,
    );
    expect(scores.map(({ event_id }) => event_id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
    expect(scores.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(scores.toSorted((a, b) => b.score - a.score)[0]?.event_id).toBe('attack');
  });

  test('see privacy addresses of one site and a cut client as what they always were', () => {
    const scores = scoresOf(events, whatIf);
    expect(scores.get('v6-40.1')).toBeLessThan(-5);
    expect(scores.get('cut-40.2')).toBeLessThan(-5);
  });

  test('of other logins are the same with and without a what-if login', () => {
    const without = scoresOf(
      events.filter(({ id }) => id !== 'attack'),
      [],
    );
    const scores = scoresOf(events, whatIf);
    scores.delete('attack');
    expect(scores).toEqual(without);
  });

  test('tell that a label without what_if happened: the next login comes minutes after one from elsewhere', () => {
    const real = whatIf.map((label) => ({ ...label, what_if: undefined }));
    expect(scoresOf(events, real).get('usual-36')).not.toBe(scoresOf(events, whatIf).get('usual-36'));
  });
});

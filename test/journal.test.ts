// The journal on real files: what a line says, the chain, two writers at once.
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../src/clock.ts';
import { AuditError } from '../src/errors.ts';
import type { Journal } from '../src/journal.ts';
import { journalLineSchema } from '../src/journal/line.ts';
import { verifyJournal } from '../src/journal/verify.ts';
import { bundle, run } from './support/bundle.ts';
import { createInstantClock } from './support/instant-clock.ts';
import { echo, fixtureFactory } from './support/tool-parts.ts';
import { startHttp } from './support/http-fixture.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { connectHttpClient } from './support/mcp-clients.ts';
import { call, logged, openJournalIn, startedAt } from './support/journal.ts';

let dir = '';
beforeEach(async () => {
  dir = join(await temporaryFolder(), 'journal');
  logged.length = 0;
});

const open = (clock?: Clock): Journal => openJournalIn(dir, clock);

async function linesOf(name: string) {
  const text = await readFile(join(dir, name), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => journalLineSchema.parse(JSON.parse(line)));
}

describe('a line', () => {
  test('says when, who, what, at what cost and how it ended, on stderr and in the file', async () => {
    await open().record(call);
    const [line] = await linesOf('journal-2026-03.ndjson');
    expect(line).toEqual({
      at: '2026-03-20T12:00:00.000Z',
      duration_ms: 250,
      transport: 'stdio',
      client: 'claude-code 2.1',
      tool: 'list_audit_events',
      source: 'api',
      arguments_sha256: expect.stringMatching(/^[\da-f]{64}$/u),
      requests: 3,
      events_scanned: 120,
      events_returned: 2,
      outcome: 'ok',
      pid: 7,
      prev: '0'.repeat(64),
    });
    const { prev: _prev, ...said } = line ?? { prev: '' };
    expect(logged).toEqual([{ level: 'info', message: 'tool_call', fields: said }]);
  });

  test('tells partial answers and failures from whole ones, and does not hold the arguments', async () => {
    const journal = open();
    await journal.record({ ...call, answer: { coverage: { complete: false, requests: 1, events_scanned: 9 } } });
    const { answer: _answer, ...failed } = call;
    await journal.record({ ...failed, error: new AuditError('invalid_token', 'no') });
    await journal.record({ ...failed, error: new TypeError('oops') });
    await journal.record({ ...failed, error: new Error('This operation was aborted'), isCancelled: true });
    const lines = await linesOf('journal-2026-03.ndjson');
    expect(lines.map(({ outcome }) => outcome)).toEqual(['partial', 'invalid_token', 'internal', 'cancelled']);
    expect(JSON.stringify(lines)).not.toContain('anna');
  });

  test('the digest of arguments does not depend on their order, and tells other arguments apart', async () => {
    const journal = open();
    for (const arguments_ of [
      { actor: 'anna', limit: 5 },
      { limit: 5, actor: 'anna' },
      { limit: 6, actor: 'anna' },
      undefined,
    ]) {
      await journal.record({ ...call, arguments: arguments_ });
    }
    const [a, b, c] = (await linesOf('journal-2026-03.ndjson')).map((line) => line.arguments_sha256);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  test('the name of a client is cleaned and cut: it is whatever the client says', async () => {
    const client = `evil\u202E\n{"tool":"x"}${'y'.repeat(200)}`;
    await open().record({ ...call, caller: { transport: 'http', user: 'alice', client } });
    const [line] = await linesOf('journal-2026-03.ndjson');
    expect(line).toMatchObject({ user: 'alice', client: expect.stringMatching(/^evil \{"tool":"x"\}y+…$/u) });
  });
});

describe('the files', () => {
  test('are for this user alone', async () => {
    await open().record(call);
    const modes = await Promise.all(
      [dir, join(dir, 'journal-2026-03.ndjson')].map(async (path) => (await stat(path)).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o600]);
    expect(await readdir(dir)).toEqual(['journal-2026-03.ndjson']);
  });

  test('a month has a file, and the chain runs on from the last one', async () => {
    const clock = createInstantClock();
    await open(clock).record(call);
    clock.advance(40 * 86_400_000);
    const journal = open(clock);
    await journal.record(call);
    await journal.record(call);
    const check = await verifyJournal(dir);
    expect(check).toMatchObject({
      isWhole: true,
      lines: 3,
      files: ['journal-2026-03.ndjson', 'journal-2026-04.ndjson'],
    });
    const april = join(dir, 'journal-2026-04.ndjson');
    const whole = await readFile(april, 'utf8');
    expect(await verifyJournal(april)).toMatchObject({ isWhole: true, lines: 2, head: check.head });
    await writeFile(april, whole.slice(whole.indexOf('\n') + 1));
    expect((await verifyJournal(april)).problems).toEqual([
      { file: 'journal-2026-04.ndjson', line: 1, problem: 'chain_broken' },
    ]);
    await writeFile(april, whole);
    const march = await verifyJournal(join(dir, 'journal-2026-03.ndjson'));
    expect(march.follows).toBeUndefined();
    await rm(join(dir, 'journal-2026-03.ndjson'));
    expect((await verifyJournal(dir)).problems).toEqual([
      { file: 'journal-2026-04.ndjson', line: 1, problem: 'chain_broken' },
    ]);
    // Alone, it is whole as far as it goes, and says after what it must be laid.
    expect(await verifyJournal(april)).toMatchObject({ isWhole: true, follows: march.head });
  });

  test('a clock that was set back does not break the chain', async () => {
    const clock = createInstantClock();
    clock.advance(40 * 86_400_000);
    await open(clock).record(call);
    clock.advance(-40 * 86_400_000);
    await open(clock).record(call);
    expect(await verifyJournal(dir)).toMatchObject({ isWhole: true, lines: 2, files: ['journal-2026-04.ndjson'] });
  });
});

describe('the check', () => {
  async function changed(change: (text: string) => string) {
    const journal = open();
    for (let index = 0; index < 5; index += 1) await journal.record({ ...call, finishedAt: startedAt + index });
    const path = join(dir, 'journal-2026-03.ndjson');
    await writeFile(path, change(await readFile(path, 'utf8')));
    return (await verifyJournal(dir)).problems.map(({ line, problem }) => `${line} ${problem}`);
  }

  test.each<[string, (text: string) => string, string[]]>([
    ['nothing', (text) => text, []],
    ['a changed line', (text) => text.replace('"duration_ms":2', '"duration_ms":9'), ['4 chain_broken']],
    ['a missing line', (text) => text.split('\n').toSpliced(2, 1).join('\n'), ['3 chain_broken']],
    ['a missing first line', (text) => text.split('\n').toSpliced(0, 1).join('\n'), ['1 chain_broken']],
    [
      'two swapped lines',
      (text) => text.split('\n').toSorted().join('\n'),
      expect.arrayContaining([expect.stringContaining('chain_broken')]),
    ],
    ['a line of anybody else', (text) => `${text}hello\n`, ['6 not_readable']],
    ['a line cut short', (text) => text.slice(0, -10), ['5 cut_short']],
  ])('finds %s', async (_what, change, problems) => {
    expect(await changed(change)).toEqual(problems);
  });

  test('its head shows later whether lines were cut off at the end', async () => {
    const journal = open();
    await journal.record(call);
    const { head } = await verifyJournal(dir);
    await journal.record(call);
    expect((await verifyJournal(dir)).head).not.toBe(head);
    expect((await linesOf('journal-2026-03.ndjson')).at(-1)?.prev).toBe(head);
  });
});

test('several servers of one user keep one whole chain', async () => {
  const writer = await bundle(join(import.meta.dirname, 'support/journal-writer.ts'));
  const calls = 25;
  const outcomes = await Promise.all([1, 2, 3].map(() => run(writer, [dir, String(calls)])));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await verifyJournal(dir)).toMatchObject({ isWhole: true, lines: 3 * calls });
  const [file = ''] = await readdir(dir);
  expect(new Set((await linesOf(file)).map(({ pid }) => pid)).size).toBe(3);
});

test('the line of a call is written before its answer leaves', async () => {
  const journal = open();
  const { url } = await startHttp({}, fixtureFactory([echo], { onCall: journal.record }));
  const client = await connectHttpClient('2026 auto', url);
  await client.call('echo', { text: 'x' });
  expect((await verifyJournal(dir)).lines).toBe(1);
  await client.close();
});

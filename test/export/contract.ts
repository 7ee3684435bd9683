// Owns what every export format must keep; the test of each format runs it.
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { compareEvents, type AuditEvent } from '../../src/audit/event.ts';
import { FORMATS, type FormatName } from '../../src/export/formats.ts';
import { verifyExport } from '../../src/export/verify.ts';
import { HOSTILE_CORPUS } from '../support/hostile-corpus.ts';
import { sampleEvent, sampleEvents, sampleQuery, SAMPLE_START_MS, sampleWindow } from '../support/sample-events.ts';
import { done, exportFixture, textOf } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

/** Events with every text that an attacker could think of, in every field that holds text. */
function hostileEvents(): AuditEvent[] {
  const texts = [
    ...HOSTILE_CORPUS.map(({ text }) => text),
    '\r\n1,2026-03-01T00:00:00Z,user_login',
    '"quoted", and; split\tby all',
    'lone \uD83D surrogate',
    'х'.repeat(255),
    '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇷🇺',
    '\u2028\u2029\u0085\u0000',
  ];
  return texts.map((text, index) =>
    sampleEvent(index, SAMPLE_START_MS + index * 10, {
      event_key: index % 2 === 0 ? 'chat_renamed' : `новый ${text}`.slice(0, 60),
      entity_id: text,
      user_agent: text,
      details: { old_name: text, [text]: [text, null, 1.5, { deep: text }] },
      future_field: text,
    }),
  );
}

export function describeFormat(name: FormatName): void {
  const format = FORMATS[name];
  describe(`every format: ${name}`, () => {
    test('writes each event as one line, whatever its texts hold', () => {
      for (const event of hostileEvents()) {
        const row = format.row(event);
        expect(row.endsWith('\n')).toBe(true);
        expect(row.slice(0, -1)).not.toMatch(/[\n\r]/);
        // A lone surrogate would turn into another character on its way to disk.
        expect(Buffer.from(row).toString('utf8')).toBe(row);
      }
    });

    test('reads back from its line which event it was', () => {
      for (const event of [...hostileEvents(), ...sampleEvents(20)]) {
        expect(format.readRow(format.row(event).slice(0, -1))).toMatchObject({
          id: format.printed(event.id),
          created_at: event.created_at,
          event_key: format.printed(event.event_key),
        });
      }
    });

    test('takes a line that is no event for what it is', () => {
      for (const line of ['', '{', 'nonsense', 'null', '1,2']) expect(format.readRow(line)).toBeUndefined();
    });

    test.each(['none', 'gzip'] as const)('30,000 events: every id once and in order (%s)', async (compression) => {
      const events = sampleEvents(30_000, 700);
      const { start } = await exportFixture(createScriptedLog({ events }));
      const result = done(await start(sampleQuery(sampleWindow(30_000, 700)), { format: name, compression }));
      const lines = (await textOf(result)).slice(format.head.length).split('\n').slice(0, -1);
      expect(lines.map((line) => format.readRow(line)?.id)).toEqual(events.toSorted(compareEvents).map(({ id }) => id));
      expect(result.manifest).toMatchObject({ events: 30_000, complete: true, format: name, compression });
      expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true, problems: [], events: 30_000 });
    });

    test('verifies hostile texts, and not after one changed byte', async () => {
      const events = hostileEvents();
      const { start } = await exportFixture(createScriptedLog({ events }));
      const result = done(await start(sampleQuery(sampleWindow(10)), { format: name }));
      expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true, events: events.length });

      const bytes = await readFile(result.filePath);
      const at = bytes.length - 20;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(result.filePath, bytes);
      const verification = await verifyExport(result.manifestPath);
      expect(verification.ok).toBe(false);
      expect(verification.problems.map(({ en }) => en).join(' ')).toContain('sha256');
    });

    test('holds its heading and no event where nothing happened', async () => {
      const { start } = await exportFixture(createScriptedLog({ events: [] }));
      const result = done(await start(sampleQuery(sampleWindow(10)), { format: name }));
      expect(await textOf(result)).toBe(format.head);
      expect(result.manifest).toMatchObject({ events: 0, by_event_key: {}, complete: true });
      expect(result.manifest).not.toHaveProperty('first_event');
      expect(await verifyExport(result.manifestPath)).toMatchObject({ ok: true, events: 0 });
    });
  });
}

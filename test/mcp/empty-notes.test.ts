// Tests what an answer without events says: how much was read, and where else something may be.
import { expect, test } from 'vitest';
import { emptyNotes } from '../../src/mcp/empty-notes.ts';
import { SAMPLE_START_MS, sampleQuery } from '../support/sample-events.ts';

function noteOf(seconds: number, lang: 'en' | 'ru'): string | undefined {
  const window = { startMs: SAMPLE_START_MS, endMs: SAMPLE_START_MS + seconds * 1000 };
  const coverage = { complete: true, stoppedBy: 'end', covered: [window], requests: 1 } as const;
  const whole = { ...coverage, fromStore: 0, eventsScanned: 0, ownReads: 0 };
  const settings = { timeZone: 'UTC', lang, maxRequests: 1000, source: 'api' } as const;
  return emptyNotes(sampleQuery(window), whole, { settings }).at(0);
}

test.each([
  [60, '1 minutes', '1 мин'],
  [1350, '22.5 minutes', '22,5 мин'],
  [3600, '1 hours', '1 ч'],
  [86_400, '24 hours', '24 ч'],
  [7 * 86_400, '7 days', '7 сут'],
])('the length of a window of %i seconds is told so that a slip of the unit shows', (seconds, en, ru) => {
  expect(noteOf(seconds, 'en')).toBe(`No event matches: the whole window (${en}) was read.`);
  expect(noteOf(seconds, 'ru')).toBe(`Подходящих событий нет: прочитан весь период (${ru}).`);
});

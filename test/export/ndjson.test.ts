// Tests that NDJSON holds events just as they came.
import { expect, test } from 'vitest';
import { ndjson } from '../../src/export/ndjson.ts';
import { sampleEvent, sampleQuery, SAMPLE_START_MS, sampleWindow } from '../support/sample-events.ts';
import { describeFormat } from './contract.ts';
import { done, eventsIn, exportFixture } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

describeFormat('ndjson');

test('unknown keys, null details, new fields and every character stay as they came', async () => {
  const events = [
    sampleEvent(1, SAMPLE_START_MS, { event_key: 'key_of_tomorrow', details: null, new_field: { deep: [1, null] } }),
    sampleEvent(2, SAMPLE_START_MS + 1, { user_agent: '=cmd|calc\r\n\u202E👩‍👩‍👧‍👦 🇷🇺 Кириллица \uD83D' }),
    sampleEvent(3, SAMPLE_START_MS + 2, { user_agent: 'я'.repeat(255), ip_address: null, actor_id: undefined }),
  ];
  const { start } = await exportFixture(createScriptedLog({ events }));
  const written = await eventsIn(done(await start(sampleQuery(sampleWindow(1)))));
  expect(written).toEqual(JSON.parse(JSON.stringify(events)));
});

test('what it prints is what the spool keeps, so that files can be copied', () => {
  const event = sampleEvent(7, SAMPLE_START_MS, { details: { text: 'a\nb' } });
  expect(ndjson.isSpoolForm).toBe(true);
  expect(ndjson.row(event)).toBe(`${JSON.stringify(event)}\n`);
});

// Tests of what a set of slices covers.
import { expect, test } from 'vitest';
import { coveredBySlices } from '../../src/audit/slice-cover.ts';
import { sampleQuery } from '../support/sample-events.ts';

const window = { startMs: 0, endMs: 10_000 };
const slice = (from: number, to: number, eventKey?: string) => ({
  window: { startMs: from * 1000, endMs: to * 1000 },
  ...(eventKey === undefined ? {} : { eventKey }),
});

test('without keys in the query, slices of one key cover nothing', () => {
  expect(coveredBySlices(sampleQuery(window), [slice(0, 2), slice(2, 12), slice(0, 10, 'a')])).toEqual([window]);
  expect(coveredBySlices(sampleQuery(window), [slice(0, 10, 'a')])).toEqual([]);
});

test('with keys, what is covered for every key is covered', () => {
  const query = sampleQuery(window, { eventKeys: ['a', 'b'] });
  expect(coveredBySlices(query, [slice(0, 6, 'a'), slice(4, 10, 'b'), slice(0, 1)])).toEqual([
    { startMs: 0, endMs: 1000 },
    { startMs: 4000, endMs: 6000 },
  ]);
});

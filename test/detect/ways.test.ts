import { expect, test } from 'vitest';
import { forgetWays, keep, nothingByWay, recall } from '../../src/detect/ways.ts';

test('the answers to the last four ways are kept, until they are forgotten', () => {
  const kept = nothingByWay<string>();
  const ways = [0, 1, 2, 3, 4].map((device) => ({ source: 7, device }));
  for (const way of ways) keep(kept, way, `answer ${way.device}`);
  const answers = (): (string | undefined)[] => ways.map((way) => recall(kept, way));
  expect(answers()).toEqual([undefined, 'answer 1', 'answer 2', 'answer 3', 'answer 4']);
  expect(recall(kept, { source: 8, device: 1 })).toBeUndefined();
  forgetWays(kept);
  expect(answers()).toEqual(ways.map(() => undefined));
});

// Tests how long the heap is held back.
import { setFlagsFromString } from 'node:v8';
import { beforeEach, expect, test, vi } from 'vitest';
import { withFlatMemory } from '../src/flat-memory.ts';

vi.mock('node:v8', () => ({ setFlagsFromString: vi.fn<(flag: string) => void>() }));
beforeEach(() => vi.mocked(setFlagsFromString).mockClear());
const said = () => vi.mocked(setFlagsFromString).mock.calls.map(([flag]) => flag.split('=')[1]);

test('the heap is held back from the first run that wants it until the last one has ended, however it ends', async () => {
  let end = (): void => undefined;
  let fail = (_error: Error): void => undefined;
  const first = withFlatMemory(() => new Promise<void>((resolve) => (end = resolve)));
  const second = withFlatMemory(() => new Promise<void>((_resolve, reject) => (fail = reject)));
  expect(said()).toEqual(['50']);
  end();
  await first;
  expect(said()).toEqual(['50']);
  fail(new Error('a full disk'));
  await expect(second).rejects.toThrow('a full disk');
  expect(said()).toEqual(['50', '0']);
});

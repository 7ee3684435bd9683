// Checks that what was unpacked lately is shared, and that no more of it is kept than there is room for.
import { expect, test } from 'vitest';
import { createBlockPacker, type Block } from '../../src/store/segment-format.ts';
import { createUnpacked, unpackBlock } from '../../src/store/unpacked.ts';
import { eventAt } from '../support/store.ts';

const line = (id: string): string => `${JSON.stringify(eventAt('2026-03-05T10:00:00.000Z', 'user_login', id))}\n`;

async function blockOf(id: string): Promise<Block> {
  const packer = createBlockPacker();
  await packer.add(Buffer.from(line(id)));
  const [block] = await packer.end();
  if (block === undefined) throw new Error('no block');
  return block;
}

/** Gives the one piece that a kept block is. */
const reader = (maxBytes: number) => {
  const unpack = createUnpacked(maxBytes);
  return async (block: Block) => {
    const pieces = [...(await unpack(block))()];
    expect(pieces).toHaveLength(1);
    return pieces[0];
  };
};

test('a block that was used lately is unpacked once; the one that waited longest makes room', async () => {
  const unpack = reader(line('a').length * 2);
  const [a, b, c] = [await blockOf('a'), await blockOf('b'), await blockOf('c')];
  const [first, second] = [await unpack(a), await unpack(b)];
  expect(first).toEqual([JSON.parse(line('a'))]);
  expect(await unpack(a)).toBe(first);
  await unpack(c);
  expect(await unpack(a)).toBe(first);
  expect(await unpack(b)).not.toBe(second);
  expect(await unpack(b)).toEqual(second);
});

test('a block without room is unpacked each time, and pushes out nothing', async () => {
  const unpack = reader(line('a').length);
  const [a, long] = [await blockOf('a'), await blockOf('long'.repeat(20))];
  const first = await unpack(a);
  expect(await unpack(long)).toEqual(await unpack(long));
  expect(await unpack(a)).toBe(first);
});

test('questions side by side count a block once', async () => {
  const unpack = reader(line('a').length * 2);
  const [a, b] = [await blockOf('a'), await blockOf('b')];
  await Promise.all([unpack(a), unpack(a), unpack(a)]);
  const kept = await unpack(a);
  await unpack(b);
  expect(await unpack(a)).toBe(kept);
});

test('a block from the disk comes in pieces: every event once and in order', async () => {
  const ids = Array.from({ length: 300 }, (_, index) => `e${String(index).padStart(3, '0')}`);
  const packer = createBlockPacker();
  await packer.add(Buffer.from(ids.map(line).join('')));
  const [block] = await packer.end();
  if (block === undefined) throw new Error('no block');
  const pieces = [...(await unpackBlock(block))()];
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.flat().map(({ id }) => id)).toEqual(ids);
});

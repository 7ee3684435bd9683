import { expect, test } from 'vitest';
import {
  addInner,
  addWeightUpwards,
  createTree,
  findNode,
  innerOf,
  nodeOf,
  pruneTree,
  weightOf,
} from '../../../src/detect/risk/tree.ts';

test('a tree adds upwards, and keeps what stands above what it keeps', () => {
  const tree = createTree();
  const root = nodeOf(tree, '', -1);
  const old = nodeOf(tree, 'old', root);
  addWeightUpwards(tree, nodeOf(tree, 'old host', old), 1);
  const net = nodeOf(tree, 'net', root);
  addWeightUpwards(tree, nodeOf(tree, 'host', net), 5);
  addInner(tree, net, 2);
  pruneTree(tree, 3);
  expect([...tree.nodes.keys()]).toEqual(['', 'net', 'host']);
  expect(weightOf(tree, findNode(tree, ''))).toBe(6);
  expect(innerOf(tree, findNode(tree, 'net'))).toBe(2);
  expect(weightOf(tree, findNode(tree, 'old'))).toBe(0);
  addWeightUpwards(tree, nodeOf(tree, 'host', -1), 1);
  expect(weightOf(tree, findNode(tree, ''))).toBe(7);
  expect(weightOf(tree, findNode(tree, 'net'))).toBe(6);
});

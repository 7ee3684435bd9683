// Tests the trees of counts: sums upwards, pruning, and places that are used again.
import { expect, test } from 'vitest';
import {
  addInner,
  addWeightUpwards,
  createNodes,
  findNode,
  innerOf,
  nodeOf,
  pruneTree,
  weightOf,
  type Tree,
} from '../../../src/detect/risk/tree.ts';

test('a tree adds upwards, and keeps what stands above what it keeps', () => {
  const nodes = createNodes();
  const tree: Tree = new Map();
  const root = nodeOf(nodes, tree, '', -1);
  const old = nodeOf(nodes, tree, 'old', root);
  addWeightUpwards(nodes, nodeOf(nodes, tree, 'old host', old), 1);
  const net = nodeOf(nodes, tree, 'net', root);
  addWeightUpwards(nodes, nodeOf(nodes, tree, 'host', net), 5);
  addInner(nodes, net, 2);
  expect(pruneTree(nodes, tree, 3)).toBe(true);
  expect(pruneTree(nodes, tree, 3)).toBe(false);
  expect([...tree.keys()]).toEqual(['', 'net', 'host']);
  expect(weightOf(nodes, findNode(tree, ''))).toBe(6);
  expect(innerOf(nodes, findNode(tree, 'net'))).toBe(2);
  expect(weightOf(nodes, findNode(tree, 'old'))).toBe(0);
  addWeightUpwards(nodes, nodeOf(nodes, tree, 'host', -1), 1);
  expect(weightOf(nodes, findNode(tree, ''))).toBe(7);
  expect(weightOf(nodes, findNode(tree, 'net'))).toBe(6);
});

test('a node that was dropped begins anew in another tree, without the counts of before', () => {
  const nodes = createNodes();
  const [mine, others]: [Tree, Tree] = [new Map(), new Map()];
  const dropped = nodeOf(nodes, mine, 'net', -1);
  addWeightUpwards(nodes, dropped, 1);
  addInner(nodes, dropped, 1);
  pruneTree(nodes, mine, 2);
  const node = nodeOf(nodes, others, 'net', -1);
  expect(node).toBe(dropped);
  expect([weightOf(nodes, node), innerOf(nodes, node)]).toEqual([0, 0]);
});

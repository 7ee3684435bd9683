// Tests that the server on stdio ends with its transport, however that ends.
import { expect, test } from 'vitest';
import { startStdioServer } from '../support/stdio-server.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

test('a line beyond all measure ends the server, which would read nothing after it', async () => {
  const server = startStdioServer(['--demo'], {});
  server.send([JSON.stringify(INITIALIZE)]);
  await server.answers([1]);
  server.send(['x'.repeat(12_000_000)]);
  await server.said('exceeded');
  const { code, stderr } = await server.end();
  expect(code).toBe(0);
  expect(stderr).toContain('ReadBuffer exceeded maximum size');
});

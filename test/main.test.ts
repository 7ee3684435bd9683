// Checks what holds for the whole program, as a user starts it: what stdout is for, and what it says without a token.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BUILT, cleanEnv, ROOT, runBuilt } from './support/built.ts';
import { connectClient } from './support/mcp-clients.ts';
import { startStdioServer } from './support/stdio-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('stdout of the server', () => {
  test('holds protocol lines only, whatever comes in and whatever a dependency prints', async () => {
    const folder = await temporaryFolder();
    const chatter = join(folder, 'chatter.mjs');
    await writeFile(chatter, 'process.on("SIGUSR2", () => { console.log("chatter"); process.stdout.write("more"); });');
    const hello = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    };
    const call = (id: number, name: string, arguments_: unknown) =>
      JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: arguments_ } });
    const lines = [
      JSON.stringify(hello),
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
      'no JSON at all',
      '[]',
      '{"jsonrpc":"2.0"}',
      call(2, 'list_audit_events', { limit: 1 }),
      call(3, 'list_audit_events', 'not an object'),
      call(4, 'no_such_tool', {}),
    ];
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(chatter).href}`, XDG_DATA_HOME: folder };
    const server = startStdioServer([], env);
    server.send(lines.slice(0, 1));
    await server.answers([1]);
    server.signal('SIGUSR2');
    await server.said('chatter');
    server.send(lines.slice(1));
    await server.answers([2, 3, 4]);
    const ended = await server.end();
    const messages = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(messages.every((message) => message.jsonrpc === '2.0')).toBe(true);
    expect(ended.stderr).toContain('chatter');
    expect(ended.code).toBe(0);
  });

  test('that nobody reads any more ends it quietly', async () => {
    const gone = await runBuilt(['--demo'], {
      stopsReading: true,
      env: { XDG_DATA_HOME: await temporaryFolder() },
      input: `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`,
    });
    expect(gone.code).toBe(0);
    expect(gone.stderr).not.toContain('uncaught');
  });
});

test.skipIf(!existsSync('/dev/full'))(
  'a report that the disk had no room for is no success (needs /dev/full)',
  async () => {
    const full = await open('/dev/full', 'w');
    try {
      const stdio = ['ignore', full.fd, 'pipe'] as const;
      const args = [BUILT, 'check', '--demo'];
      const { status, stderr } = spawnSync(process.execPath, args, { env: cleanEnv(), stdio: [...stdio] });
      expect([status, stderr.toString('utf8')]).toEqual([
        1,
        expect.stringContaining('not whole: it could not be written'),
      ]);
    } finally {
      await full.close();
    }
  },
);

test('without a token the server starts, and says to the agent what is missing', async () => {
  const client = await connectClient('2026 auto', {
    command: process.execPath,
    args: [BUILT],
    env: cleanEnv({ XDG_DATA_HOME: await temporaryFolder() }),
    cwd: ROOT,
  });
  const answer = await client.call('list_audit_events');
  await client.close();
  expect(answer.isError).toBe(true);
  expect(JSON.parse(answer.content[1]?.text ?? '')).toMatchObject({
    code: 'not_configured',
    retryable: false,
    hint: expect.stringContaining('PACHCA_TOKEN'),
    fields: [{ field: 'PACHCA_TOKEN' }],
  });
});

// Serving over HTTP as a whole: every client, where it may listen, slow and many connections.
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { bearerAuthentication, fixedTokens } from '../../src/mcp/authenticate.ts';
import { LOOPBACK_NAMES } from '../../src/mcp/http-guard.ts';
import type { ToolCallRecord } from '../../src/mcp/server.ts';
import { defineTool, READS_LOG } from '../../src/mcp/tool.ts';
import { startHttp } from '../support/http-fixture.ts';
import { CLIENT_MODES, connectHttpClient } from '../support/mcp-clients.ts';
import { ask, bytesOf, legacyCall, modernCall, sendBytes } from '../support/raw-http.ts';
import { echo, fixtureFactory, waitingTool } from '../support/tool-parts.ts';

const TOKEN = 'correct-horse-battery';

const counting = defineTool({
  name: 'count',
  title: 'Count',
  description: 'Counts to three and says so on the way.',
  hints: READS_LOG,
  input: z.strictObject({}),
  output: z.object({ counted: z.number() }),
  run(_input, context) {
    for (let done = 1; done <= 3; done += 1) context.progress(done, 3, `${done} of 3`);
    return Promise.resolve({ structured: { counted: 3 } });
  },
});

describe.each(CLIENT_MODES)('client %s', (mode) => {
  test('lists and calls tools, sees errors with their code, and is told of progress', async () => {
    const authenticate = bearerAuthentication(fixedTokens(TOKEN));
    const { url } = await startHttp({ authenticate }, fixtureFactory([echo, counting]));
    const client = await connectHttpClient(mode, url, TOKEN);
    onTestFinished(() => client.close());
    for (let again = 0; again < 2; again += 1) {
      const tools = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(['echo', 'count']);
      expect(tools[0]?.inputSchema).toMatchObject({ properties: { text: { type: 'string' } }, required: ['text'] });
    }
    expect(await client.call('echo', { text: 'привет' })).toMatchObject({ structuredContent: { text: 'привет' } });
    const failed = await client.call('echo', { txt: 'x' });
    expect(failed).toMatchObject({ isError: true, _meta: { 'pachca-audit/error': { code: 'invalid_input' } } });
    const seen: number[] = [];
    await client.call('count', {}, { onprogress: ({ progress }) => seen.push(progress) });
    expect(seen.slice(0, 2)).toEqual([1, 2]);
  });

  test('is refused without a token', async () => {
    const { url } = await startHttp({ authenticate: bearerAuthentication(fixedTokens(TOKEN)) });
    await expect(connectHttpClient(mode, url)).rejects.toThrow(/Unauthorized|401/u);
  });

  test('a client that cancels a call, or at the latest one that closes, cancels the work', async () => {
    const waiting = waitingTool();
    const { url, callsInWork } = await startHttp({}, fixtureFactory([waiting.tool]));
    const client = await connectHttpClient(mode, url);
    const stop = new AbortController();
    const call = client.call('wait', {}, { signal: stop.signal });
    await waiting.started;
    expect(callsInWork()).toBe(1);
    stop.abort();
    await expect(call).rejects.toThrow(/abort/iu);
    // In the protocol of 2025 a cancellation is a request of its own, and nothing ties it to the call without sessions.
    if (mode === '2025' || mode === '2026 default') await client.close();
    await expect(waiting.aborted).resolves.toBeUndefined();
    await client.close();
  });
});

test('a client that goes away cancels its call, in both eras', async () => {
  for (const call of [modernCall('tools/call', { name: 'wait' }), legacyCall('tools/call', { name: 'wait' })]) {
    const waiting = waitingTool();
    const { url } = await startHttp({}, fixtureFactory([waiting.tool]));
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    socket.write(bytesOf(call));
    await waiting.started;
    socket.destroy();
    await expect(waiting.aborted).resolves.toBeUndefined();
  }
});

test('a call is recorded with the name of its token and what the client calls itself', async () => {
  const calls: ToolCallRecord[] = [];
  const onCall = (call: ToolCallRecord) => void calls.push(call);
  const authenticate = bearerAuthentication(fixedTokens(`alice ${TOKEN}`));
  const { url } = await startHttp({ authenticate }, fixtureFactory([echo], { onCall }));
  const authorization = `Bearer ${TOKEN}`;
  for (const call of [modernCall, legacyCall]) {
    const { headers, body } = call('tools/call', { name: 'echo', arguments: { text: 'x' } });
    await ask(url, { body, headers: { ...headers, authorization, 'user-agent': 'agent/2' } });
  }
  expect(calls.map(({ caller }) => caller)).toEqual([
    { transport: 'http', client: 'raw 1.0.0', user: 'alice' },
    { transport: 'http', client: 'agent/2', user: 'alice' },
  ]);
  expect(JSON.stringify(calls)).not.toContain(TOKEN);
});

describe('where it listens', () => {
  const checks = { code: 'not_configured', hint: expect.stringContaining('PACHCA_AUDIT_HTTP_TOKEN') };

  test.each(['0.0.0.0', '::', '[::]'])('%s without authentication is refused', async (host) => {
    await expect(startHttp({ host })).rejects.toMatchObject(checks);
  });

  test.each(['localhost', '127.0.0.2', '127.0.0.1'])('%s needs no authentication', async (host) => {
    const { url } = await startHttp({ host });
    expect((await ask(url, { ...modernCall('tools/list'), path: '/mcp' })).status).toBe(
      host === '127.0.0.2' ? 403 : 200,
    );
  });

  test('any address will do with authentication, under the names that are allowed', async () => {
    const authenticate = bearerAuthentication(fixedTokens(TOKEN));
    const names = { allowedHosts: ['audit.example:8443'], allowedOrigins: [] };
    const { url } = await startHttp({ host: '0.0.0.0', authenticate, names });
    const { headers, body } = modernCall('tools/list');
    const authorization = `Bearer ${TOKEN}`;
    const local = url.replace('0.0.0.0', '127.0.0.1');
    const statuses = ['audit.example:8443', 'AUDIT.example:8443', 'audit.example', '127.0.0.1'].map(async (host) => {
      return (await ask(local, { headers: { ...headers, authorization, host }, body })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403]);
  });

  test('a port that is taken is an error that says so', async () => {
    const { url } = await startHttp();
    const port = Number(new URL(url).port);
    await expect(startHttp({ port })).rejects.toMatchObject({ code: 'not_configured', message: /EADDRINUSE/u });
  });

  test('a name that nobody knows is an error', async () => {
    await expect(startHttp({ host: 'no-such-host.invalid' })).rejects.toMatchObject({ code: 'not_configured' });
  });
});

describe('slow and many clients', () => {
  const limits = { headersTimeoutMs: 60, requestTimeoutMs: 120 };

  test('slow headers are cut', async () => {
    const { url } = await startHttp({ limits });
    expect(await sendBytes(url, 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /u);
  });

  test('a slow body is cut, and no call is left in work', async () => {
    const { url, callsInWork } = await startHttp({ limits });
    const head =
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n';
    expect(await sendBytes(url, `${head}{"jsonrpc":`)).toMatch(/^HTTP\/1\.1 408 /u);
    expect(callsInWork()).toBe(0);
  });

  test('the body of a refused request is not waited for either', async () => {
    const { url } = await startHttp({ limits });
    const head = 'POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n';
    expect(await sendBytes(url, head)).toMatch(/^HTTP\/1\.1 404 /u);
  });

  test('headers without end are cut', async () => {
    const { url } = await startHttp();
    const answer = await sendBytes(url, `POST /mcp HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /u);
  });

  test('connections over the cap are closed, those within it are served', async () => {
    const { url } = await startHttp({ limits: { maxConnections: 2 } });
    const { port } = new URL(url);
    const held = [1, 2].map(() => connect(Number(port), '127.0.0.1'));
    onTestFinished(() => held.forEach((socket) => socket.destroy()));
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    expect(await sendBytes(url, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe('');
    const answer = new Promise((resolve) => held[0]?.once('data', (data) => resolve(data.toString('latin1'))));
    held[0]?.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /u);
  });
});

test('a connection is kept longer than proxies keep theirs: none is closed under a request', async () => {
  const { url } = await startHttp();
  const answer = await sendBytes(
    url,
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/Keep-Alive: timeout=75\r\n/u);
});

test('a connection is closed after an answer where the client asks for that, in both eras', async () => {
  const { url } = await startHttp();
  for (const call of [legacyCall('prompts/list'), modernCall('prompts/list'), legacyCall('ping')]) {
    const answer = await ask(url, { ...call, headers: { ...call.headers, connection: 'close' } });
    expect([answer.status, answer.headers.connection]).toEqual([200, 'close']);
  }
});

describe('watchers', () => {
  test('live and ready need no token, and say nothing but that', async () => {
    const authenticate = bearerAuthentication(fixedTokens(TOKEN));
    const names = { allowedHosts: LOOPBACK_NAMES, allowedOrigins: [] };
    const { url } = await startHttp({ authenticate, names });
    const answers = await Promise.all(['/healthz', '/readyz'].map((path) => ask(url, { method: 'GET', path })));
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, '{"status":"live"}'],
      [200, '{"status":"ready"}'],
    ]);
  });
});

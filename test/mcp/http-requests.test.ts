// The doors of the HTTP server, over real sockets: who and what is turned away, and how.
import { describe, expect, test } from 'vitest';
import { bearerAuthentication, fixedTokens } from '../../src/mcp/authenticate.ts';
import { LOOPBACK_NAMES } from '../../src/mcp/http-guard.ts';
import { startHttp } from '../support/http-fixture.ts';
import { ask, JSON_HEADERS, legacyCall, modernCall, sendBytes } from '../support/raw-http.ts';

const TOKEN = 'correct-horse-battery';
const withToken = { authenticate: bearerAuthentication(fixedTokens(`alice ${TOKEN}`)) };
const list = modernCall('tools/list');

describe('names', () => {
  test.each(['attacker.example', 'localhost.attacker.example', '127.0.0.1.nip.example:80', 'localhost:1, attacker'])(
    'a request sent to Host "%s" gets 403: DNS rebinding fails',
    async (host) => {
      const { url } = await startHttp();
      expect((await ask(url, { ...list, headers: { ...list.headers, host } })).status).toBe(403);
    },
  );

  test.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '[::1]:3333'])('Host "%s" is served', async (host) => {
    const { url } = await startHttp();
    expect((await ask(url, { ...list, headers: { ...list.headers, host } })).status).toBe(200);
  });

  test('a second Host, no Host, an empty one, and a target with a host of its own are refused', async () => {
    const { url } = await startHttp();
    const body = 'Content-Length: 0\r\nConnection: close\r\n\r\n';
    const answers = await Promise.all([
      sendBytes(url, `POST /mcp HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n${body}`),
      sendBytes(url, `POST /mcp HTTP/1.0\r\n${body}`),
      sendBytes(url, `POST /mcp HTTP/1.1\r\nHost: \r\n${body}`),
      sendBytes(url, `POST http://attacker.example/mcp HTTP/1.1\r\nHost: localhost\r\n${body}`),
    ]);
    expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['403', '403', '403', '404']);
  });

  test.each(['null', 'http://attacker.example', 'https://localhost.attacker.example', 'file://', 'garbage', 'http://'])(
    'a request from Origin "%s" gets 403',
    async (origin) => {
      const { url } = await startHttp();
      expect((await ask(url, { ...list, headers: { ...list.headers, origin } })).status).toBe(403);
    },
  );

  test('a request without Origin or from a page of this machine is served', async () => {
    const { url } = await startHttp();
    expect((await ask(url, list)).status).toBe(200);
    const headers = { ...list.headers, origin: 'http://localhost:5173' };
    const answer = await ask(url, { ...list, headers });
    expect(answer.status).toBe(200);
    // Served, but a page may not read it: what runs on the other ports of this machine may be anybody's.
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('a page of a listed origin may ask first, call and read', async () => {
    const origin = 'https://tool.example';
    const { url } = await startHttp({ names: { allowedHosts: LOOPBACK_NAMES, allowedOrigins: [origin] } });
    const preflight = await ask(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([204, 'POST']);
    const answer = await ask(url, { ...list, headers: { ...list.headers, origin } });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, origin]);
    const other = await ask(url, { method: 'OPTIONS', headers: { origin: 'https://other.example' } });
    expect(other.status).toBe(403);
  });

  test('names are checked on every route, before token and body', async () => {
    const { url } = await startHttp(withToken);
    const paths = ['/mcp', '/healthz', '/readyz', '/nothing'];
    const answers = await Promise.all(
      paths.map((path) => ask(url, { method: 'GET', path, headers: { host: 'attacker.example' } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });
});

describe('route and method', () => {
  test('there are three paths and no more', async () => {
    const { url } = await startHttp();
    const paths = ['/', '/mcp/', '/MCP', '/mcp/../healthz', '/sse', '/.well-known/oauth-protected-resource'];
    const answers = await Promise.all(paths.map((path) => ask(url, { ...list, path })));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
  });

  test.each(['GET', 'DELETE', 'PUT', 'OPTIONS', 'HEAD'])(
    '%s on the protocol path gets 405 with Allow',
    async (method) => {
      const { url } = await startHttp();
      const answer = await ask(url, { method });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    },
  );
});

describe('token', () => {
  test('no token gets 401 with WWW-Authenticate, a wrong one is named as such', async () => {
    const { url, entries } = await startHttp(withToken);
    const none = await ask(url, list);
    expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Bearer realm="pachca-audit"']);
    const wrong = await ask(url, { ...list, headers: { ...list.headers, authorization: `Bearer ${TOKEN}x` } });
    expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="pachca-audit", error="invalid_token"',
    ]);
    expect(entries).toMatchObject([{ message: 'http_refused', status: 401, reason: 'no bearer token' }]);
    expect(JSON.stringify([none, wrong, entries])).not.toContain(TOKEN);
  });

  test.each([`Basic ${TOKEN}`, TOKEN, 'Bearer', `Bearer ${TOKEN} ${TOKEN}`, `Bearer  ${TOKEN.toUpperCase()}`])(
    'authorization "%s" gets 401',
    async (authorization) => {
      const { url } = await startHttp(withToken);
      expect((await ask(url, { ...list, headers: { ...list.headers, authorization } })).status).toBe(401);
    },
  );

  test('a token in the address does not count', async () => {
    const { url } = await startHttp(withToken);
    expect((await ask(url, { ...list, path: `/mcp?access_token=${TOKEN}` })).status).toBe(401);
  });

  test('the right token is served in both eras', async () => {
    const { url } = await startHttp(withToken);
    for (const call of [list, legacyCall('tools/list')]) {
      const answer = await ask(url, { ...call, headers: { ...call.headers, authorization: `bearer ${TOKEN}` } });
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('"echo"');
    }
  });
});

describe('body', () => {
  test('an announced body over the limit gets 413 before it is sent', async () => {
    const { url } = await startHttp({ limits: { maxBodyBytes: 1000 } });
    const head = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const answer = await sendBytes(
      url,
      `${head}Content-Length: 1001\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /u);
  });

  test('a body that grows over the limit gets 413', async () => {
    const { url } = await startHttp({ limits: { maxBodyBytes: 1000 } });
    const headers = { ...JSON_HEADERS, 'transfer-encoding': 'chunked' };
    const answer = await ask(url, { headers, body: 'x'.repeat(50_000) });
    expect(answer.status).toBe(413);
  });

  test('a client that asks first is told to go on, once its head is good', async () => {
    const { url } = await startHttp();
    const body = list.body.toString();
    const head = Object.entries({ ...list.headers, host: 'localhost', connection: 'close' })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    const expecting = `content-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`;
    const answer = await sendBytes(url, `POST /mcp HTTP/1.1\r\n${head}${expecting}${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/u);
  });

  test.each([
    ['text/plain', 415],
    ['', 415],
    ['application/jsonp', 415],
    ['application/json; charset=utf-16', 415],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON', 200],
  ])('content type "%s" gets %d', async (type, status) => {
    const { url } = await startHttp();
    const headers = { ...list.headers, 'content-type': type };
    expect((await ask(url, { ...list, headers })).status).toBe(status);
  });

  test('a compressed body gets 415', async () => {
    const { url } = await startHttp();
    const headers = { ...list.headers, 'content-encoding': 'gzip' };
    expect((await ask(url, { ...list, headers })).status).toBe(415);
  });

  test.each([
    ['', 'Parse error'],
    ['{', 'Parse error'],
    ['"text"', 'not a JSON-RPC message'],
    ['[1,', 'Parse error'],
  ])('the body %s gets 400', async (body, message) => {
    const { url } = await startHttp();
    const answer = await ask(url, { ...list, body });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(message);
  });

  test('a body that nests a hundred deep gets 400', async () => {
    const { url } = await startHttp();
    const answer = await ask(url, { ...list, body: `${'['.repeat(100)}${']'.repeat(100)}` });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('nests too deeply');
  });

  test('a body that is not UTF-8 gets 400', async () => {
    const { url } = await startHttp();
    expect((await ask(url, { ...list, body: Buffer.from('{"a":"\xff"}', 'latin1') })).status).toBe(400);
  });
});

describe('rate', () => {
  const limits = { requestsPerSecond: 0.001, burst: 3 };

  test('a client over its rate gets 429 with Retry-After', async () => {
    const { url } = await startHttp({ limits });
    for (const status of [200, 200, 200, 429]) expect((await ask(url, list)).status).toBe(status);
    expect(Number((await ask(url, list)).headers['retry-after'])).toBeGreaterThan(0);
  });

  test('a batch costs as much as its messages', async () => {
    const { url } = await startHttp({ limits });
    const ping = { jsonrpc: '2.0', method: 'ping' };
    const batch = JSON.stringify([1, 2, 3, 4].map((id) => ({ ...ping, id })));
    expect((await ask(url, { ...legacyCall('ping'), body: batch })).status).toBe(429);
  });

  test('refused names and watchers do not use up the rate', async () => {
    const { url } = await startHttp({ limits });
    for (let index = 0; index < 5; index += 1) {
      expect((await ask(url, { headers: { host: 'attacker.example' } })).status).toBe(403);
      expect((await ask(url, { method: 'GET', path: '/healthz' })).status).toBe(200);
    }
    expect((await ask(url, list)).status).toBe(200);
  });
});

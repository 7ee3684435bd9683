// Tests one call over real sockets: what is sent, repeated and given up.
import { describe, expect, test } from 'vitest';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { systemClock } from '../../src/system-clock.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sendJson, startLocalServer } from '../support/local-server.ts';
import { clientOf, failureOf, TOKEN } from '../support/http-client.ts';

describe('a call', () => {
  test('carries token, agent and only the query values that are there', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, 200, { data: [] }, { 'x-request-id': 'r-1', date: 'Tue, 10 Mar 2026 09:00:00 GMT' });
    });
    const answer = await clientOf(url).get('/things', { a: '1 &', b: undefined, c: 'ё' });
    const dateMs = Date.UTC(2026, 2, 10, 9);
    expect(answer).toEqual({ status: 200, body: { data: [] }, requestId: 'r-1', dateMs });
    const [request] = requests;
    expect(request?.url.pathname).toBe('/api/v1/things');
    expect([...(request?.url.searchParams ?? [])]).toEqual([
      ['a', '1 &'],
      ['c', 'ё'],
    ]);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'user-agent': 'test/1' });
  });

  test('POST sends its body once, also when the answer is a failure', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, 503, {});
    });
    const failure = await failureOf(clientOf(url).post('/messages', { message: { content: 'Привет' } }));
    expect(failure.code).toBe('unavailable');
    expect(requests.map(({ body }) => JSON.parse(body))).toEqual([{ message: { content: 'Привет' } }]);
  });

  test('never follows a redirect', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    expect(await failureOf(clientOf(url).get('/things', {}))).toMatchObject({ code: 'bad_response', status: 302 });
    expect(requests).toHaveLength(1);
  });
});

describe('repeats', () => {
  test('a GET survives 5xx, 408, a dropped connection and a body cut short, with growing pauses', async () => {
    const { url, requests } = await startLocalServer((_request, response, index) => {
      if (index === 0) sendJson(response, 502, {});
      else if (index === 1) response.destroy();
      else if (index === 2) {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"data": [');
        setImmediate(() => response.destroy());
      } else if (index === 3) response.end('{"data": [');
      else if (index === 4) sendJson(response, 408, {});
      else sendJson(response, 200, { fine: true });
    });
    const clock = createInstantClock(undefined, () => 0.999);
    const answer = await clientOf(url, { clock }).get('/things', {});
    expect(answer.body).toEqual({ fine: true });
    expect(requests).toHaveLength(6);
    expect(clock.sleeps.filter((ms) => ms > 100).map((ms) => Math.round(ms / 10) * 10)).toEqual([
      250, 500, 1000, 2000, 4000,
    ]);
  });

  test('end after a bounded number of attempts, and tell each of them to the caller', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, 500, { errors: [{ message: 'Ой' }] }, { 'x-request-id': 'r-9' });
    });
    let attempts = 0;
    const failure = await failureOf(clientOf(url).get('/things', {}, { onAttempt: () => (attempts += 1) }));
    expect(failure).toMatchObject({ code: 'unavailable', status: 500, requestId: 'r-9' });
    expect(failure.message).toContain('Ой');
    expect([attempts, requests.length]).toEqual([6, 6]);
  });

  test('what onAttempt throws ends the call before the request', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, 500, {});
    });
    let left = 2;
    const spend = () => {
      if (left === 0) throw new Error('spent');
      left -= 1;
    };
    await expect(clientOf(url).get('/things', {}, { onAttempt: spend })).rejects.toThrow('spent');
    expect(requests).toHaveLength(2);
  });

  test.each([400, 401, 402, 403, 404, 409, 410, 422])('a status %i is not repeated', async (status) => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, status, {});
    });
    await failureOf(clientOf(url).get('/things', {}));
    expect(requests).toHaveLength(1);
  });

  test('a 429 waits as long as it says and slows everything down', async () => {
    const { url, requests } = await startLocalServer((_request, response, index) => {
      if (index === 0) sendJson(response, 429, {}, { 'retry-after': '7' });
      else sendJson(response, 200, {});
    });
    const clock = createInstantClock();
    const before = clock.now();
    await clientOf(url, { clock }).get('/things', {});
    expect(requests).toHaveLength(2);
    expect(clock.now() - before).toBeGreaterThanOrEqual(7000);
    expect(clock.now() - before).toBeLessThan(8000);
  });

  test('a 429 for good is rate_limited with the seconds to wait', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, 429, {}, { 'retry-after': '2' });
    });
    const failure = await failureOf(clientOf(url).get('/things', {}));
    expect(failure).toMatchObject({ code: 'rate_limited', status: 429, retryAfterSeconds: 2 });
    expect(requests).toHaveLength(6);
  });

  test('a 429 that asks for more than a minute is not waited for', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, 429, {}, { 'retry-after': '3600' });
    });
    const failure = await failureOf(clientOf(url).get('/things', {}));
    expect(failure).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 3600 });
    expect(requests).toHaveLength(1);
  });
});

describe('limits', () => {
  test('an attempt that takes too long is cut off, and the call is a timeout', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      response.writeHead(200);
      response.write('{');
    });
    const failure = await failureOf(clientOf(url, { timeoutMs: 500, retry: { maxAttempts: 2 } }).get('/things', {}));
    expect(failure.code).toBe('timeout');
    expect(requests).toHaveLength(2);
  });

  test('a body over the limit is refused, once', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      response.end(JSON.stringify('x'.repeat(100_000)));
    });
    const failure = await failureOf(clientOf(url, { maxBodyBytes: 50_000 }).get('/things', {}));
    expect(failure.code).toBe('bad_response');
    expect(requests).toHaveLength(1);
  });

  test('an aborted signal ends a call at once: in flight, in a pause and in the bucket', async () => {
    const { url } = await startLocalServer((request, response) => {
      if (request.url.pathname.endsWith('/fails')) sendJson(response, 503, {}, { 'retry-after': '50' });
      if (request.url.pathname.endsWith('/slowly')) sendJson(response, 429, {}, { 'retry-after': '50' });
    });
    for (const path of ['/hangs', '/fails', '/slowly']) {
      const controller = new AbortController();
      const rateLimit = createRateLimit({ perSecond: 1000, clock: systemClock });
      const call = clientOf(url, { clock: systemClock, rateLimit }).get(path, {}, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('stop')), 50);
      await expect(call).rejects.toThrow('stop');
    }
  });

  test('nobody listening is a network error', async () => {
    const failure = await failureOf(clientOf('http://127.0.0.1:1', { retry: { maxAttempts: 2 } }).get('/things', {}));
    expect(failure.code).toBe('network');
  });
});

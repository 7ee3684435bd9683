// Tests what /readyz says, and what asking costs.
import { expect, test } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { readiness, type CheckReady } from '../../src/mcp/http-health.ts';
import { startHttp } from '../support/http-fixture.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { ask } from '../support/raw-http.ts';

function counted(check: CheckReady) {
  const calls: AbortSignal[] = [];
  const checkReady: CheckReady = (signal) => {
    calls.push(signal);
    return check(signal);
  };
  return { calls, checkReady };
}

test('any number of askers within ten seconds cost one check', async () => {
  const clock = { ...createInstantClock(), now: () => nowMs, sleep: () => new Promise<void>(() => undefined) };
  let nowMs = 0;
  const { calls, checkReady } = counted(() => Promise.resolve());
  const ready = readiness(checkReady, clock);
  expect(await Promise.all([ready(), ready(), ready()])).toMatchObject([
    { status: 200 },
    { status: 200 },
    { status: 200 },
  ]);
  nowMs = 9999;
  await ready();
  expect(calls).toHaveLength(1);
  nowMs = 10_000;
  await ready();
  expect(calls).toHaveLength(2);
});

test('what is wrong is told by its code alone', async () => {
  const checkReady = () => Promise.reject(new AuditError('invalid_token', 'The token of alice@company is wrong.'));
  const { url } = await startHttp({ checkReady });
  const answer = await ask(url, { method: 'GET', path: '/readyz' });
  expect([answer.status, answer.body]).toEqual([503, '{"status":"not_ready","code":"invalid_token"}']);
});

test('a check that hangs is given up and cancelled', async () => {
  const { calls, checkReady } = counted(() => new Promise(() => undefined));
  const answer = await readiness(checkReady, createInstantClock())();
  expect(answer).toEqual({ status: 503, body: '{"status":"not_ready","code":"timeout"}' });
  expect(calls[0]?.aborted).toBe(true);
});

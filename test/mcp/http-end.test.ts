// The end of serving over HTTP: calls in work, clients that wait behind them, and open streams.
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startHttp } from '../support/http-fixture.ts';
import { CLIENT_MODES, connectHttpClient } from '../support/mcp-clients.ts';
import { ask, bytesOf, legacyCall, modernCall } from '../support/raw-http.ts';
import { echo, fixtureFactory, waitingTool } from '../support/tool-parts.ts';

describe('the end', () => {
  test.each([
    ['2026', modernCall('tools/call', { name: 'wait' })],
    ['2025', legacyCall('tools/call', { name: 'wait' })],
  ])('a call of %s in work ends, new ones get 503, and the process is seen to stop', async (_era, call) => {
    const waiting = waitingTool();
    const { url, close } = await startHttp({}, fixtureFactory([waiting.tool, echo]));
    const answer = ask(url, call);
    await waiting.started;
    const closed = close(60_000);
    const late = await ask(url, modernCall('tools/list'));
    expect([late.status, late.headers['retry-after']]).toEqual([503, '5']);
    expect((await ask(url, { method: 'GET', path: '/readyz' })).status).toBe(503);
    expect((await ask(url, { method: 'GET', path: '/healthz' })).status).toBe(200);
    waiting.release();
    expect(await answer).toMatchObject({ status: 200, body: expect.stringContaining('"waited":true') });
    await closed;
    await expect(ask(url, call)).rejects.toThrow('ECONNREFUSED');
  });

  test.each([
    ['2026', modernCall('tools/call', { name: 'wait' })],
    ['2025', legacyCall('tools/call', { name: 'wait' })],
  ])('a call of %s that outlives the grace is cancelled', async (_era, call) => {
    const waiting = waitingTool();
    const { url, close } = await startHttp({}, fixtureFactory([waiting.tool]));
    const answer = ask(url, call).catch(() => undefined);
    await waiting.started;
    await close(1);
    await waiting.aborted;
    const { status = 0, body = '' } = (await answer) ?? {};
    expect(body).not.toContain('waited');
    // Told, not left waiting: the stream had begun, or the call is refused.
    expect(status === 503 || body.includes('The server stopped before the call was done')).toBe(true);
  });

  test.each(CLIENT_MODES)('an official client of mode %s is told at once that its call was cut off', async (mode) => {
    const waiting = waitingTool();
    const { url, close } = await startHttp({}, fixtureFactory([waiting.tool]));
    const client = await connectHttpClient(mode, url);
    const called = client.call('wait', {}).catch((error: unknown) => String(error));
    await waiting.started;
    await close(1);
    expect(await called).toContain('The server stopped before the call was done');
    await client.close().catch(() => undefined);
  });

  test('calls that wait behind another on one connection are cancelled when it closes, and hold no end up', async () => {
    const waiting = waitingTool();
    const second = waitingTool();
    const behind = { ...second.tool, name: 'wait_behind' };
    const { url, close, callsInWork } = await startHttp({}, fixtureFactory([waiting.tool, behind]));
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    for (const name of ['wait', 'wait_behind', ...Array.from({ length: 12 }, () => 'wait')]) {
      socket.write(bytesOf(modernCall('tools/call', { name })));
    }
    await Promise.all([waiting.started, second.started]);
    await expect.poll(callsInWork).toBe(14);
    socket.destroy();
    await Promise.all([waiting.aborted, second.aborted]);
    await close(60_000);
    expect([callsInWork(), warnings]).toEqual([0, []]);
  });

  test('an open stream of changes does not hold the end up', async () => {
    const { url, close, callsInWork } = await startHttp();
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    const opened = new Promise((resolve) => socket.once('data', (data) => resolve(data.toString('latin1'))));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(bytesOf(modernCall('subscriptions/listen', { notifications: { toolsListChanged: true } })));
    expect(await opened).toMatch(/^HTTP\/1\.1 200 /u);
    expect(callsInWork()).toBe(0);
    await close(60_000);
    await expect(ended).resolves.toBeTypeOf('boolean');
  });
});

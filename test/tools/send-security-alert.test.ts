// Tests that send_security_alert posts exactly one message, to whom it may, and tells the rest.
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAlerts } from '../../src/audit/alerts.ts';
import { AuditError } from '../../src/errors.ts';
import { createHttpClient } from '../../src/http/create-http-client.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { answerResult, errorAnswer } from '../../src/mcp/result.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sendJson, startLocalServer, type LocalServer } from '../support/local-server.ts';
import { startWorld } from '../support/world.ts';

const RECIPIENT = '1001';

async function worldWithAlerts(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld({ alertTo: [RECIPIENT], simulator: { events: [] }, ...options });
  onTestFinished(() => world.close());
  return world;
}

const bare = (text: string) => text;

describe('send_security_alert', () => {
  test('posts exactly one message and gives back exactly what was posted', async () => {
    const world = await worldWithAlerts();
    const message = 'Вход\u202E из новой сети\r\n\r\n\r\n- адрес 198.51.100.7\u200B \n- клиент curl 👩🏽‍🚀';
    const answer = answerResult(await world.answer('send_security_alert', { recipient: RECIPIENT, message }), bare);
    const text = 'Вход из новой сети\n\n- адрес 198.51.100.7\n- клиент curl 👩🏽‍🚀';
    expect(world.simulator.messages).toEqual([
      expect.objectContaining({ entity_type: 'user', entity_id: Number(RECIPIENT), content: text }),
    ]);
    expect(answer.structuredContent).toEqual({
      message_id: String(world.simulator.messages[0]?.id),
      sent_text: text,
    });
  });

  test('refuses anybody who is not on the list, with the list, before a request is made', async () => {
    const world = await worldWithAlerts();
    const error = await world.failure('send_security_alert', { recipient: '1000', message: 'x' });
    expect(error.code).toBe('invalid_input');
    expect(error.fields).toEqual([
      expect.objectContaining({ field: 'recipient', value: '1000', allowed: [RECIPIENT] }),
    ]);
    expect(world.simulator.requests.total).toBe(0);
  });

  test('posts no text that holds the token, written as it is or encoded', async () => {
    const world = await worldWithAlerts();
    const { token } = world.simulator;
    for (const form of [token, Buffer.from(`id:${token}`).toString('base64')]) {
      const error = await world.failure('send_security_alert', { recipient: RECIPIENT, message: `leaked: ${form}!` });
      expect([error.code, error.message]).toEqual(['invalid_input', expect.stringContaining('holds the token')]);
      expect(JSON.stringify(error)).not.toContain(token);
    }
    expect(world.simulator.messages).toEqual([]);
  });

  test.each([
    ['longer than 4,000 characters', 'x'.repeat(4001)],
    ['empty', ' \n '],
    ['of hidden characters alone', '\u200B\u202E\u{E0041}'],
  ])('refuses a message %s', async (_what, message) => {
    const world = await worldWithAlerts();
    const error = await world.failure('send_security_alert', { recipient: RECIPIENT, message });
    expect([error.code, error.fields?.[0]?.field]).toEqual(['invalid_input', 'message']);
    expect(world.simulator.messages).toEqual([]);
  });

  test('names the scope that the token lacks', async () => {
    const world = await worldWithAlerts({ token: 'demo-no-messages' });
    const error = await world.failure('send_security_alert', { recipient: RECIPIENT, message: 'x' });
    expect(error).toMatchObject({ code: 'missing_scope', message: expect.stringContaining('messages:create') });
  });
});

describe('an alert that fails', () => {
  async function failing(answer: Parameters<typeof startLocalServer>[0]): Promise<[AuditError, LocalServer]> {
    const server = await startLocalServer(answer);
    const clock = createInstantClock();
    const http = createHttpClient({
      baseUrl: server.url,
      token: () => 'test-token',
      userAgent: 'test',
      clock,
      rateLimit: createRateLimit({ perSecond: 1000, clock }),
      timeoutMs: 300,
    });
    onTestFinished(() => http.close());
    const outcome: unknown = await createAlerts({ http, recipients: ['7'] })
      .send('7', 'x')
      .catch((error: unknown) => error);
    if (outcome instanceof AuditError) return [outcome, server];
    throw new Error('the alert did not fail');
  }

  test.each<[string, string, Parameters<typeof startLocalServer>[0]]>([
    ['the connection drops', 'network', (_request, response) => void response.destroy()],
    ['no answer comes in time', 'timeout', () => undefined],
    ['a gateway answers', 'unavailable', (_request, response) => sendJson(response, 502, {})],
    [
      'the answer is cut short',
      'bad_response',
      (_request, response) => void response.writeHead(201).end('{"data":{"i'),
    ],
    ['the answer names no message', 'bad_response', (_request, response) => sendJson(response, 201, { data: {} })],
  ])('after it may have been posted (%s) says so, and is not repeated', async (_what, code, answer) => {
    const [error, server] = await failing(answer);
    expect(server.requests).toHaveLength(1);
    expect(errorAnswer(error, bare)).toMatchObject({
      code,
      retryable: false,
      message: expect.stringContaining('unknown whether the alert was sent'),
      hint: expect.stringContaining('Look into the chat'),
    });
  });

  test('because the recipient may not be written to, says that, and nothing of the log', async () => {
    const [error] = await failing((_request, response) => sendJson(response, 403, {}));
    const answer = errorAnswer(error, bare);
    expect([answer.code, answer.retryable]).toEqual(['not_owner', false]);
    expect(answer.hint).toContain('recipient');
    expect(answer.hint).not.toContain('log');
  });

  test.each([
    [429, 'rate_limited', true],
    [422, 'rejected', false],
    [404, 'not_found', false],
    [401, 'invalid_token', false],
  ])('with status %i was not posted: the error is the plain one', async (status, code, retryable) => {
    const [error, server] = await failing((_request, response) => sendJson(response, status, {}));
    expect(server.requests).toHaveLength(1);
    const answer = errorAnswer(error, bare);
    expect([answer.code, answer.retryable]).toEqual([code, retryable]);
    expect(answer.message).not.toContain('unknown whether');
  });
});

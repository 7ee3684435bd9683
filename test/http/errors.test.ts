// Tests the errors of a call over HTTP: their codes and words, and that the token is never in them.
import { describe, expect, test } from 'vitest';
import { sendJson, startLocalServer } from '../support/local-server.ts';
import { clientOf, failureOf, TOKEN } from '../support/http-client.ts';

describe('errors', () => {
  const scopeLacking = { error: 'insufficient_scope', error_description: 'Token lacks audit_events:read' };
  const range = { errors: [{ key: 'end_time', value: null, message: 'Слишком', code: 'invalid_date_range' }] };
  test.each([
    [401, { error: 'invalid_token', error_description: 'Access token is missing' }, 'invalid_token', 'is missing'],
    [402, { errors: [{ code: 'payment_required', message: 'Требуется оплата' }] }, 'plan_required', 'оплата'],
    [403, scopeLacking, 'missing_scope', 'audit_events:read'],
    [403, { errors: [{ code: 'forbidden', message: 'Нет' }] }, 'not_owner', 'Нет'],
    [403, {}, 'not_owner', '403'],
    [404, {}, 'not_found', '404'],
    [422, range, 'range_too_large', 'Слишком'],
    [400, range, 'range_too_large', 'Слишком'],
    [422, { errors: [{ key: 'limit', value: '51', message: 'много', code: 'invalid' }] }, 'rejected', 'много'],
  ])('%i %j is %s', async (status, body, code, words) => {
    const { url } = await startLocalServer((_request, response) => {
      sendJson(response, status, body, { 'x-request-id': 'r-7' });
    });
    const failure = await failureOf(clientOf(url).get('/things', {}));
    expect(failure).toMatchObject({ code, status, requestId: 'r-7' });
    expect(failure.message).toContain(words);
  });

  test('a rejection names the fields with what was wrong', async () => {
    const { url } = await startLocalServer((_request, response) => {
      const errors = [
        { key: 'limit', value: 51, message: 'слишком много', code: 'invalid', payload: null },
        { key: 'cursor', value: null, message: null, code: 'blank', payload: null },
        'nonsense',
      ];
      sendJson(response, 422, { errors });
    });
    const { fields } = await failureOf(clientOf(url).get('/things', {}));
    expect(fields).toEqual([
      { field: 'limit', message: 'слишком много (invalid)', value: '51' },
      { field: 'cursor', message: '(blank)' },
    ]);
  });

  test('text from upstream is on one line, cut, and never the token, however it is hidden', async () => {
    const hidden = `${TOKEN.slice(0, 5)}\u200b${TOKEN.slice(5)}`;
    const said = `\u001b[31mYour\r\ntoken ${TOKEN} or ${hidden} ${'x'.repeat(500)}`;
    const { url } = await startLocalServer((_request, response) => {
      sendJson(response, 422, { errors: [{ key: TOKEN, value: TOKEN, message: said }] }, { 'x-request-id': TOKEN });
    });
    const failure = await failureOf(clientOf(url).get('/things', {}));
    const { message, stack, fields, requestId } = failure;
    expect(JSON.stringify({ message, stack, fields, requestId })).not.toContain(TOKEN);
    expect(message).toMatch(/^[^\p{C}]*$/u);
    expect(message.length).toBeLessThan(320);
  });

  test('a token that cannot be sent is named as such, without showing it', async () => {
    const { url, requests } = await startLocalServer((_request, response) => {
      sendJson(response, 200, {});
    });
    const failure = await failureOf(clientOf(url, { token: () => 'two\nlines' }).get('/things', {}));
    expect(failure.code).toBe('invalid_token');
    expect(failure.message).not.toContain('lines');
    expect(requests).toHaveLength(0);
  });

  test('an answer that is no JSON is a bad_response with the beginning of it', async () => {
    const { url } = await startLocalServer((_request, response) => {
      response.end('<html>Sign in</html>');
    });
    const failure = await failureOf(clientOf(url).get('/things', {}));
    expect(failure.code).toBe('bad_response');
    expect(failure.message).toContain('Sign in');
  });
});

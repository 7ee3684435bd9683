// Tests what is known of the token: whose it is, what it may do, what it need not.
import { describe, expect, test } from 'vitest';
import { createTokenInfo, SCOPES, surplusScopes } from '../../src/audit/token.ts';
import { startPeopleApi } from '../support/people-api.ts';

const DATA = {
  id: 1,
  token: 'abcdefgh********wxyz',
  name: 'Security',
  user_id: 12,
  scopes: ['audit_events:read', 'users:read', 'chats:read'],
  created_at: '2026-01-01T00:00:00.000Z',
  revoked_at: null,
};

describe('createTokenInfo', () => {
  test('reads whose token it is and what it may do, once in ten minutes', async () => {
    const api = await startPeopleApi({ answer: () => ({ status: 200, body: { data: DATA } }) });
    const token = createTokenInfo(api);
    const info = { name: 'Security', masked: 'abcdefgh********wxyz', user_id: '12', scopes: DATA.scopes };
    expect(await token.read()).toEqual(info);
    expect(await token.read()).toEqual(info);
    expect(api.asked()).toEqual(['/oauth/token/info']);
    api.clock.advance(600_000);
    await token.read();
    expect(api.asked()).toHaveLength(2);
  });

  test('is asked again by whoever has just changed it', async () => {
    const api = await startPeopleApi({
      answer: (_path, index) => ({ status: 200, body: { data: { ...DATA, scopes: index === 0 ? [] : DATA.scopes } } }),
    });
    const token = createTokenInfo(api);
    expect((await token.read()).scopes).toEqual([]);
    expect((await token.read({ fresh: true })).scopes).toEqual(DATA.scopes);
    expect((await token.read()).scopes).toEqual(DATA.scopes);
  });

  test('leaves out what is not there', async () => {
    const api = await startPeopleApi({ answer: () => ({ status: 200, body: { data: { user_id: '7', name: null } } }) });
    expect(await createTokenInfo(api).read()).toEqual({ user_id: '7', scopes: [] });
  });

  test('masks a token that comes whole', async () => {
    const data = { ...DATA, token: 'abcd-canary-wxyz' };
    const api = await startPeopleApi({ answer: () => ({ status: 200, body: { data } }) });
    expect((await createTokenInfo(api).read()).masked).toBe('abcd…wxyz');
  });

  test('is refused when the answer names no user, and asks again', async () => {
    const api = await startPeopleApi({
      answer: (_path, index) => ({ status: 200, body: index === 0 ? { data: {} } : { data: DATA } }),
    });
    const token = createTokenInfo(api);
    await expect(token.read()).rejects.toMatchObject({ code: 'bad_response', status: 200 });
    expect((await token.read()).user_id).toBe('12');
  });

  test('passes on a refused token', async () => {
    const body = { error: 'invalid_token', error_description: 'Access token is missing' };
    const api = await startPeopleApi({ answer: () => ({ status: 401, body }) });
    await expect(createTokenInfo(api).read()).rejects.toMatchObject({ code: 'invalid_token', status: 401 });
  });
});

describe('surplusScopes', () => {
  test('are those that nothing here needs', () => {
    const scopes = [...Object.values(SCOPES), 'chats:read', 'messages:delete'];
    expect(surplusScopes(scopes, true)).toEqual(['chats:read', 'messages:delete']);
  });

  test('writing messages is one of them where nobody may receive alerts', () => {
    expect(surplusScopes(Object.values(SCOPES), false)).toEqual(['messages:create']);
  });
});

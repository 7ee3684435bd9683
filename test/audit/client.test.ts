// Tests one page of the log: what is asked for, what is kept, and what is refused.
import { describe, expect, onTestFinished, test } from 'vitest';
import { readPage, type PageRequest } from '../../src/audit/client.ts';
import { createHttpClient } from '../../src/http/create-http-client.ts';
import { createRateLimit } from '../../src/http/rate-limit.ts';
import { eventAt, NOW_MS } from '../support/api-log.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sendJson, startLocalServer } from '../support/local-server.ts';

const WINDOW = { startMs: NOW_MS - 3_600_000, endMs: NOW_MS };
const EVENT = eventAt(NOW_MS - 1000, 1);

/** Reads one page from a server that answers with `body`. */
async function pageOf(body: unknown, request: Partial<PageRequest> = {}) {
  const { url, requests } = await startLocalServer((_request, response) => {
    sendJson(response, 200, body, { 'x-request-id': 'r-5' });
  });
  const clock = createInstantClock();
  const rateLimit = createRateLimit({ perSecond: 1000, clock });
  const http = createHttpClient({ baseUrl: url, token: () => 'token', userAgent: 'test', clock, rateLimit });
  onTestFinished(() => http.close());
  const page = readPage(http, { window: WINDOW, filters: {}, ...request });
  return { page, requests };
}

describe('one page of the log', () => {
  test('asks for the window, one key, the filters and the cursor, and for nothing else', async () => {
    const filters = { actorId: '7', actorType: 'User', entityId: '8', entityType: 'Chat' };
    const { page, requests } = await pageOf({ data: [] }, { filters, eventKey: 'user_login', cursor: 'abc=' });
    await page;
    expect(requests[0]?.url.pathname).toBe('/audit_events');
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toEqual({
      start_time: '2026-03-20T11:00:00Z',
      end_time: '2026-03-20T12:00:00Z',
      event_key: 'user_login',
      actor_id: '7',
      actor_type: 'User',
      entity_id: '8',
      entity_type: 'Chat',
      limit: '50',
      cursor: 'abc=',
    });
  });

  const newForm = { next_page: 'n', prev_page: 'p', has_next: true, has_prev: false };
  test.each([
    ['the new form goes on while has_next is true', [EVENT], { paginate: newForm }, 'n'],
    ['also over an empty page', [], { paginate: newForm }, 'n'],
    [
      'and ends when it is false, whatever the cursors',
      [EVENT],
      { paginate: { ...newForm, has_next: false } },
      undefined,
    ],
    ['null cursors at the end do no harm', [EVENT], { paginate: { has_next: false, next_page: null } }, undefined],
    ['the old form goes on while there is a cursor', [EVENT], { paginate: { next_page: 'n' } }, 'n'],
    ['and ends without one', [EVENT], { paginate: {} }, undefined],
    ['or with null', [EVENT], { paginate: { next_page: null } }, undefined],
    ['or without paginate', [EVENT], {}, undefined],
    ['or without meta', [EVENT], undefined, undefined],
    ['or with an empty page', [], { paginate: { next_page: 'n' } }, undefined],
  ])('%s', async (_name, data, meta, expected) => {
    const { page } = await pageOf({ data, meta });
    expect((await page).nextCursor).toBe(expected);
  });

  test('events are kept as they came, unknown fields included', async () => {
    const strange = { ...EVENT, event_key: 'new_key', details: null, extra: { deep: [1] }, actor_id: null };
    const { page } = await pageOf({ data: [strange] });
    expect((await page).events).toEqual([{ timeMs: Date.parse(strange.created_at), event: strange }]);
  });

  test.each([
    ['no object', []],
    ['no data', { meta: {} }],
    ['data that is no list', { data: {} }],
    ['something that is no event', { data: [EVENT, { id: 'x' }] }],
    ['a time that is none', { data: [{ ...EVENT, created_at: 'yesterday' }] }],
    ['more without saying where', { data: [EVENT], meta: { paginate: { has_next: true, next_page: null } } }],
  ])('%s is a bad_response with the request id', async (_name, body) => {
    const { page } = await pageOf(body);
    await expect(page).rejects.toMatchObject({ code: 'bad_response', requestId: 'r-5', status: 200 });
  });

  test.each<[string, Record<string, string>]>([
    ['older than the window', { created_at: new Date(WINDOW.startMs - 2000).toISOString() }],
    ['newer than the window', { created_at: new Date(WINDOW.endMs + 2000).toISOString() }],
    ['of another key', { event_key: 'user_2fa_fail' }],
    ['of another actor', { actor_id: '9' }],
    ['about another entity', { entity_id: '9' }],
  ])('an event %s is no part of the answer, and what is left of it proves nothing', async (_what, change) => {
    const asked = { ...EVENT, event_key: 'user_login', actor_id: '7', entity_id: '8' };
    const request = { eventKey: 'user_login', filters: { actorId: '7', entityId: '8' } };
    const alone = await pageOf({ data: [asked] }, request);
    expect((await alone.page).events).toHaveLength(1);
    const { page } = await pageOf({ data: [asked, { ...asked, id: '2', ...change }] }, request);
    await expect(page).rejects.toMatchObject({ code: 'bad_response', message: expect.stringContaining('another') });
  });

  test.each([[[]], ['text'], [7], [undefined]])(
    'an event with details of another form (%j) is kept as it is',
    async (details) => {
      const event = { ...EVENT, details };
      const { page } = await pageOf({ data: [EVENT, event] });
      expect((await page).events[1]?.event).toEqual(JSON.parse(JSON.stringify(event)));
    },
  );

  test('an event within a second of the window may come, and an id in another spelling', async () => {
    const event = { ...EVENT, actor_id: '7', entity_id: 'ab' };
    const window = { startMs: NOW_MS - 60_000, endMs: NOW_MS - 1000 };
    const { page } = await pageOf({ data: [event] }, { window, filters: { actorId: '007', entityId: 'AB' } });
    expect((await page).events).toHaveLength(1);
  });
});

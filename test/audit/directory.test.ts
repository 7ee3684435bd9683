// Tests the list of people: whole, read seldom, and by id where the list does not help.
import { describe, expect, test } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { createDirectory } from '../../src/audit/directory.ts';
import type { NameList } from '../../src/audit/kept-names.ts';
import { MISSING_SCOPE, startPeopleApi } from '../support/people-api.ts';

const company = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, first_name: 'Имя', last_name: `Номер${index + 1}` }));
const ids = (count: number, from = 1) => Array.from({ length: count }, (_, index) => String(index + from));

describe('everybody', () => {
  test.each([false, true])('is every page, fifty people each (old form of paginate: %s)', async (oldPaginate) => {
    const api = await startPeopleApi({ users: company(120), oldPaginate });
    const people = await createDirectory(api).everybody();
    expect(people.map(({ id }) => id)).toEqual(ids(120));
    expect(api.asked()).toEqual(['/users?limit=50', '/users?limit=50&cursor=50', '/users?limit=50&cursor=100']);
  });

  test('is read once in ten minutes', async () => {
    const api = await startPeopleApi({ users: company(3) });
    const directory = createDirectory(api);
    await directory.everybody();
    await directory.everybody();
    expect(await directory.byIds(['1', '3'])).toHaveProperty('people.size', 2);
    expect(api.asked()).toHaveLength(1);
    api.clock.advance(600_000);
    expect(await directory.everybody()).toHaveLength(3);
    expect(api.asked()).toHaveLength(2);
  });

  test('never lacks the people of its first page because the last one is younger', async () => {
    const api = await startPeopleApi({
      users: company(120),
      answer: () => {
        api.clock.advance(2000);
        return undefined;
      },
    });
    const directory = createDirectory(api);
    await directory.everybody();
    api.clock.advance(596_000);
    expect(await directory.everybody()).toHaveLength(120);
  });

  test('ends with an error when a cursor comes again', async () => {
    const api = await startPeopleApi({ users: company(120), loops: true });
    await expect(createDirectory(api).everybody()).rejects.toMatchObject({ code: 'bad_response' });
    expect(api.asked()).toHaveLength(2);
  });

  test('goes on behind an empty page that promises more', async () => {
    const pages = [
      { data: [{ id: 1, first_name: 'A' }], meta: { paginate: { next_page: 'a', has_next: true } } },
      { data: [], meta: { paginate: { next_page: 'b', has_next: true } } },
      { data: [{ id: 2, first_name: 'B' }], meta: { paginate: { next_page: 'c', has_next: false } } },
    ];
    const api = await startPeopleApi({ answer: (_path, index) => ({ status: 200, body: pages[index] }) });
    expect(await createDirectory(api).everybody()).toMatchObject([{ id: '1' }, { id: '2' }]);
  });

  test('ends at an empty page of the old form, and without meta', async () => {
    for (const meta of [{ paginate: { next_page: 'more' } }, { paginate: null }, null, undefined]) {
      const api = await startPeopleApi({ answer: () => ({ status: 200, body: { data: [], meta } }) });
      expect(await createDirectory(api).everybody()).toEqual([]);
      expect(api.asked()).toHaveLength(1);
    }
  });

  test('keeps who can be read when one entry is odd', async () => {
    const data = [{ id: 1, first_name: 'A', new_field: {} }, { nickname: 'no id' }, null, { id: '2', last_name: null }];
    const api = await startPeopleApi({ answer: () => ({ status: 200, body: { data } }) });
    expect(await createDirectory(api).everybody()).toEqual([
      { id: '1', name: 'A' },
      { id: '2', name: '2' },
    ]);
  });

  test('is refused when the answer is no list', async () => {
    const api = await startPeopleApi({ answer: () => ({ status: 200, body: { data: 'people' } }) });
    await expect(createDirectory(api).everybody()).rejects.toMatchObject({ code: 'bad_response' });
  });
});

describe('byIds', () => {
  test('asks for few people one by one, each once, and remembers who does not exist', async () => {
    const api = await startPeopleApi({ users: company(120) });
    const directory = createDirectory(api);
    for (let round = 0; round < 2; round += 1) {
      const { people: found } = await directory.byIds(['7', '999', '7', '8']);
      expect([...found.keys()]).toEqual(['7', '8']);
    }
    expect(api.asked().sort()).toEqual(['/users/7', '/users/8', '/users/999']);
  });

  test('reads the whole list for many people, and asks by id for who is not in it', async () => {
    const api = await startPeopleApi({ users: company(60), unlisted: [{ id: 900, first_name: 'Бот', bot: true }] });
    const { people: found } = await createDirectory(api).byIds([...ids(20), '900', '901']);
    expect(found.size).toBe(21);
    expect(found.get('900')).toEqual({ id: '900', name: 'Бот', bot: true });
    expect(api.asked().sort()).toEqual(['/users/900', '/users/901', '/users?limit=50', '/users?limit=50&cursor=50']);
  });

  test('leaves a list that is too long for the people wanted, and asks for the rest by id', async () => {
    const api = await startPeopleApi({ users: company(1000) });
    const { people: found } = await createDirectory(api).byIds(ids(10, 95));
    expect([...found.keys()]).toEqual(ids(10, 95));
    const asked = api.asked();
    expect(asked.filter((path) => path.startsWith('/users?'))).toHaveLength(2);
    expect(asked.filter((path) => path.startsWith('/users/'))).toHaveLength(4);
  });

  test('asks for nobody whose id is no number', async () => {
    const api = await startPeopleApi();
    expect(await createDirectory(api).byIds(['system', '', '../token', '1e3'])).toHaveProperty('people.size', 0);
    expect(api.asked()).toEqual([]);
  });

  test('spends no further request on a missing scope for a minute', async () => {
    const api = await startPeopleApi({ answer: () => MISSING_SCOPE });
    const directory = createDirectory(api);
    await expect(directory.everybody()).rejects.toMatchObject({ code: 'missing_scope' });
    await expect(directory.everybody()).rejects.toMatchObject({ code: 'missing_scope' });
    await expect(directory.byIds(['1'])).rejects.toMatchObject({ code: 'missing_scope' });
    expect(api.asked()).toHaveLength(1);
    api.clock.advance(60_000);
    await expect(directory.byIds(['1'])).rejects.toMatchObject({ code: 'missing_scope' });
    expect(api.asked()).toHaveLength(2);
  });

  test('stops asking when the caller cancels', async () => {
    const abort = new AbortController();
    const api = await startPeopleApi({
      users: company(5),
      answer: (_path, index) => {
        if (index === 2) abort.abort(new Error('cancelled by the caller'));
        return undefined;
      },
    });
    await expect(createDirectory(api).everybody({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    );
    const slow = createDirectory(api).byIds(ids(4), { signal: abort.signal });
    await expect(slow).rejects.toThrow('cancelled by the caller');
  });
});

describe('names that are kept', () => {
  const HOUR_MS = 3_600_000;
  /** A shelf as the store's, without a disk. */
  function shelfOf(list?: NameList) {
    let kept = list;
    return {
      list: () => kept,
      load: () => Promise.resolve(kept),
      save(next: NameList) {
        kept = next;
        return Promise.resolve(true);
      },
    };
  }
  const listOf = (atMs: number, count: number): NameList => ({
    atMs,
    names: new Map(ids(count).map((id) => [id, { name: `Имя Номер${id}` }])),
  });

  test('save the requests for all but eight: the most wanted, and those whom the list lacks', async () => {
    const unlisted = [{ id: 900, first_name: 'Бот', bot: true }];
    const users = company(60).map((user) => ({ ...user, role: 'admin' }));
    const api = await startPeopleApi({ users, unlisted });
    const atMs = api.clock.now() - HOUR_MS;
    const directory = createDirectory({ ...api, shelf: shelfOf(listOf(atMs, 60)) });
    const { people, listedAtMs, unasked } = await directory.byIds([...ids(30), '900', '901']);
    expect(api.asked().sort()).toEqual(['900', '901', ...ids(6)].map((id) => `/users/${id}`).sort());
    expect([listedAtMs, unasked, people.size]).toEqual([atMs, undefined, 31]);
    expect([people.get('6'), people.get('7')]).toEqual([
      { id: '6', name: 'Имя Номер6', role: 'admin' },
      { id: '7', name: 'Имя Номер7' },
    ]);
  });

  test('do not stand for the people of now, and say how many were not asked about', async () => {
    const api = await startPeopleApi({ users: company(60) });
    const directory = createDirectory({ ...api, shelf: shelfOf(listOf(api.clock.now(), 5)) });
    const { people, unasked } = await directory.byIds(ids(20));
    expect([people.size, unasked]).toEqual([9, 11]);
    expect([...directory.known(ids(5)).keys()]).toEqual(ids(4));
    expect(await directory.everybody()).toHaveLength(60);
  });

  test('leave room for the most wanted, however many the list lacks', async () => {
    const api = await startPeopleApi({ users: company(60).map((user) => ({ ...user, role: 'admin' })) });
    const directory = createDirectory({ ...api, shelf: shelfOf(listOf(api.clock.now(), 9)) });
    const { people } = await directory.byIds(['1', ...ids(10, 900), '2', '3']);
    expect([people.get('1')?.role, people.get('2')?.role]).toEqual(['admin', undefined]);
  });

  test('stand where people could not be asked about, which is said, but not where the token may not read them', async () => {
    const broken = { status: 422, body: { errors: [] } };
    const api = await startPeopleApi({
      answer: (path) => (path.startsWith('/users/3') ? broken : undefined),
      users: company(60),
    });
    const shelf = shelfOf(listOf(api.clock.now(), 60));
    const { people, failure } = await createDirectory({ ...api, shelf }).byIds(ids(20));
    expect([people.size, failure instanceof AuditError]).toEqual([20, true]);
    const refused = await startPeopleApi({ answer: () => MISSING_SCOPE });
    const directory = createDirectory({ ...refused, shelf });
    await expect(directory.byIds(ids(20))).rejects.toMatchObject({ code: 'missing_scope' });
  });

  test.each([
    ['for few people', 8, 1],
    ['when they are too old', 20, 36],
    ['when they are of a time to come', 20, -24],
  ])('are not used %s', async (_when, count, hoursAgo) => {
    const api = await startPeopleApi({ users: company(60) });
    const list = listOf(api.clock.now() - hoursAgo * HOUR_MS, 60);
    const found = await createDirectory({ ...api, shelf: shelfOf(list) }).byIds(ids(count));
    expect([found.people.size, found.listedAtMs]).toEqual([count, undefined]);
  });

  test('are those of the whole list, without roles, and are read again after half a day', async () => {
    const api = await startPeopleApi({
      users: [
        { id: 1, first_name: 'A', role: 'admin', suspended: true },
        { id: 2, bot: true },
      ],
    });
    const shelf = shelfOf();
    const { clock } = api;
    const keep = () => createDirectory({ ...api, shelf }).keepNames();
    expect([await keep(), await keep()]).toEqual([2, 2]);
    expect(api.asked()).toHaveLength(1);
    expect(shelf.list()).toEqual({
      atMs: clock.now(),
      names: new Map([
        ['1', { name: 'A' }],
        ['2', { name: '2', bot: true }],
      ]),
    });
    clock.advance(12 * HOUR_MS);
    await keep();
    expect(api.asked()).toHaveLength(2);
  });

  test('are not counted where they cannot be kept', async () => {
    const api = await startPeopleApi({ users: company(3) });
    expect(await createDirectory(api).keepNames()).toBeUndefined();
    const full = { ...shelfOf(), save: () => Promise.resolve(false) };
    expect(await createDirectory({ ...api, shelf: full }).keepNames()).toBeUndefined();
  });
});

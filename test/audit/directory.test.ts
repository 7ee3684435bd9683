// Tests the list of people: whole, read seldom, and by id where the list does not help.
import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/audit/directory.ts';
import { MISSING_SCOPE, startPeopleApi } from '../support/people-api.ts';
import { company, ids } from '../support/people-api.ts';

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

// Tests the names of people that are kept: which requests they save, and when they are not used.
import { describe, expect, test } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { createDirectory } from '../../src/audit/directory.ts';
import type { NameList } from '../../src/audit/kept-names.ts';
import { MISSING_SCOPE, startPeopleApi } from '../support/people-api.ts';
import { company, ids } from '../support/people-api.ts';

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

// Tests whom a text means: ids, names, e-mails, several of one name, nobody.
import { describe, expect, test } from 'vitest';
import { createPeople } from '../../src/audit/people.ts';
import { MISSING_SCOPE, startPeopleApi, type ApiUser } from '../support/people-api.ts';
import { forbiddenCharacters } from '../support/hostile-corpus.ts';

const USERS: readonly ApiUser[] = [
  { id: 101, first_name: 'Анна', last_name: 'Петрова', nickname: 'anna', email: 'anna@example.com', role: 'admin' },
  { id: 102, first_name: 'Анна', last_name: 'Петрова', nickname: 'anna2', role: 'user', suspended: true },
  { id: 103, first_name: 'Олег\u202E', last_name: 'Сидоров', nickname: 'oleg', role: 'user' },
  { id: 104, first_name: 'Олег\u202E', last_name: 'Сидоров', nickname: 'ole\u200Bg2', role: 'guest' },
  { id: 105, first_name: 'Семён', last_name: 'Королёв', nickname: 'semen', role: 'user' },
  { id: 106, first_name: 'Отчёты', nickname: 'reports', role: 'user', bot: true },
];

const failure = async (run: Promise<unknown>) => {
  const [outcome] = await Promise.allSettled([run]);
  if (outcome?.status !== 'rejected') throw new Error('nothing was thrown');
  return outcome.reason;
};

describe('resolveActor', () => {
  test('takes a number as it is, without a request', async () => {
    const api = await startPeopleApi();
    expect(await createPeople(api).resolveActor(' 4242 ')).toBe('4242');
    expect(await createPeople(api).resolveActor('04242')).toBe('4242');
    expect(api.asked()).toEqual([]);
  });

  test.each([
    ['anna@example.com', '101'],
    ['@anna2', '102'],
    ['королев семен', '105'],
    ['Королёв', '105'],
    ['Отчёты', '106'],
  ])('finds the one that %s means', async (text, id) => {
    const api = await startPeopleApi({ users: USERS });
    expect(await createPeople(api).resolveActor(text)).toBe(id);
  });

  test('names the candidates where several people match', async () => {
    const api = await startPeopleApi({ users: USERS });
    const error = await failure(createPeople(api).resolveActor('Петрова Анна'));
    expect(error).toMatchObject({
      code: 'ambiguous_actor',
      message: '"Петрова Анна" may be any of 2 people',
      hint: 'Give the id of one of them: 101 "Анна Петрова" (@anna, admin); 102 "Анна Петрова" (@anna2, user, suspended).',
      fields: [
        {
          field: 'actor',
          value: 'Петрова Анна',
          allowed: ['101 "Анна Петрова" (@anna, admin)', '102 "Анна Петрова" (@anna2, user, suspended)'],
        },
      ],
    });
  });

  test('shows hostile names clean', async () => {
    const api = await startPeopleApi({ users: USERS });
    const error = await failure(createPeople(api).resolveActor('олег\u202E сидоров'));
    expect(error).toMatchObject({ code: 'ambiguous_actor' });
    expect(forbiddenCharacters(`${JSON.stringify(error.fields)}${error.message}${error.hint}`)).toEqual([]);
  });

  test('a name cannot pass for another candidate', async () => {
    const [name, nickname] = ['Ли", 7 "Ольга', 'a, admin); 8 Анна'];
    const users = [1, 2].map((id) => ({ id, first_name: 'Анна', last_name: name, nickname, role: 'user' }));
    const api = await startPeopleApi({ users });
    const error = await failure(createPeople(api).resolveActor(`Анна ${name}`));
    expect(error.fields[0].allowed).toEqual(
      [1, 2].map((id) => `${id} "Анна Ли\\", 7 \\"Ольга" (@"${nickname}", user)`),
    );
  });

  test('names at most ten candidates and counts the rest', async () => {
    const users = Array.from({ length: 13 }, (_, index) => ({ id: index + 1, first_name: 'Анна', last_name: 'Ли' }));
    const api = await startPeopleApi({ users });
    const error = await failure(createPeople(api).resolveActor('Анна Ли'));
    expect(error.fields[0].allowed).toHaveLength(10);
    expect(error.hint).toContain(', and 3 more.');
  });

  test('names those who come near where nobody matches', async () => {
    const api = await startPeopleApi({ users: USERS });
    const error = await failure(createPeople(api).resolveActor('Семен Каралев'));
    expect(error).toMatchObject({ code: 'not_found', fields: [{ allowed: ['105 "Семён Королёв" (@semen, user)'] }] });
    const nobody = await failure(createPeople(api).resolveActor('Xyzzy'));
    expect(nobody).toMatchObject({ code: 'not_found', message: 'Nobody in the directory is called "Xyzzy"' });
    expect(nobody.hint).toContain('find_people');
  });

  test('finds an account that is younger than the list it has', async () => {
    const users: ApiUser[] = [...USERS];
    const api = await startPeopleApi({ users });
    const people = createPeople(api);
    await people.resolveActor('@anna2');
    users.push({ id: 107, first_name: 'Новый', last_name: 'Админ', nickname: 'fresh' });
    await failure(people.resolveActor('@fresh'));
    api.clock.advance(60_000);
    expect(await people.resolveActor('@fresh')).toBe('107');
    // By the name, and by the role that the word means.
    expect(await people.find('админ', 5)).toMatchObject([{ id: '107' }, { id: '101' }]);
    expect(api.asked()).toHaveLength(2);
  });

  test('says that only ids work without the scope, and asks once', async () => {
    const api = await startPeopleApi({ answer: () => MISSING_SCOPE });
    const people = createPeople(api);
    for (let round = 0; round < 2; round += 1) {
      const error = await failure(people.resolveActor('Анна Петрова'));
      expect(error).toMatchObject({ code: 'missing_scope', status: 403, fields: [{ field: 'actor' }] });
      expect(error.hint).toContain('users:read');
    }
    expect(await people.resolveActor('101')).toBe('101');
    expect(api.asked()).toHaveLength(1);
  });
});

describe('find', () => {
  test('gives at most as many as asked for', async () => {
    const api = await startPeopleApi({ users: USERS });
    const people = createPeople(api);
    expect(await people.find('олег', 1)).toHaveLength(1);
    expect((await people.find('анна', 10)).map(({ id }) => id)).toEqual(['101', '102']);
  });

  test('fails without the scope', async () => {
    const api = await startPeopleApi({ answer: () => MISSING_SCOPE });
    await expect(createPeople(api).find('анна', 10)).rejects.toMatchObject({ code: 'missing_scope' });
  });
});

describe('names', () => {
  test('gives names, roles and marks by id, and leaves unknown ids out', async () => {
    const api = await startPeopleApi({ users: USERS });
    const people = createPeople(api);
    expect(await people.names(['101', '102', '106', '999'])).toEqual({
      table: {
        101: { name: 'Анна Петрова', role: 'admin' },
        102: { name: 'Анна Петрова', role: 'user', suspended: true },
        106: { name: 'Отчёты', role: 'user', bot: true },
      },
    });
  });

  test('is absent without the scope, and says so', async () => {
    const api = await startPeopleApi({ answer: () => MISSING_SCOPE });
    const people = createPeople(api);
    expect(await people.names(['101'])).toEqual({
      gap: 'missing_scope',
    });
  });

  test('gives what is known when the API fails, and says what is missing', async () => {
    let down = false;
    const api = await startPeopleApi({
      users: USERS,
      answer: () => (down ? { status: 422, body: { errors: [] } } : undefined),
    });
    const people = createPeople(api);
    await people.names(['101']);
    down = true;
    // Side by side: what one call lacks is said in its own answer, whatever another one got.
    const [partial, whole] = await Promise.all([people.names(['101', '102']), people.names(['101'])]);
    expect(partial).toEqual({
      table: { 101: { name: 'Анна Петрова', role: 'admin' } },
      gap: 'rejected',
    });
    expect(whole).toEqual({ table: { 101: { name: 'Анна Петрова', role: 'admin' } } });
    down = false;
    const again = await people.names(['101', '102']);
    expect([Object.keys(again.table ?? {}), again.gap]).toEqual([['101', '102'], undefined]);
  });

  test('ends with the reason of a cancelled call', async () => {
    const api = await startPeopleApi({ users: USERS });
    const signal = AbortSignal.abort(new Error('cancelled by the caller'));
    await expect(createPeople(api).names(['101'], { signal })).rejects.toThrow('cancelled by the caller');
  });

  test('leave with what is known when their time is over', async () => {
    const late = new AbortController();
    const api = await startPeopleApi({
      users: USERS,
      hangsAt: '/users/102',
      onHang: () => late.abort(new DOMException('The time is over', 'TimeoutError')),
    });
    const asked: number[] = [];
    const timeLimit = (ms: number) => {
      asked.push(ms);
      return late.signal;
    };
    const people = createPeople({ ...api, timeLimit });
    await people.names(['101']);
    expect(await people.names(['101', '102'], { withinMs: 700 })).toEqual({
      table: { 101: { name: 'Анна Петрова', role: 'admin' } },
      gap: 'late',
    });
    expect(asked).toEqual([700]);
  });
});

// Owns GET /users and GET /users/{id}.
import { type Answer, dataAnswer, errorsAnswer, notFoundAnswer } from './answer.ts';
import type { CursorCodec } from './cursor.ts';
import type { SimUser } from './model.ts';

/** The person with the fields that the API also has and that do not matter here. */
function asShown(user: SimUser): unknown {
  return { ...user, custom_properties: [], user_status: null, image_url: null };
}

function matches(user: SimUser, query: string): boolean {
  const fields = [user.first_name, user.last_name, user.email, user.phone_number, user.nickname].map((field) =>
    field.toLowerCase(),
  );
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => fields.some((field) => field.includes(word)));
}

export function oneUser(users: readonly SimUser[], id: string): Answer {
  const user = users.find((candidate) => String(candidate.id) === id);
  return user === undefined ? notFoundAnswer('id', id) : dataAnswer(asShown(user));
}

/** By id, ascending; `query` looks into names, e-mail, phone and nickname, every word in any of them. */
export function listUsers(users: readonly SimUser[], params: URLSearchParams, cursors: CursorCodec): Answer {
  const limit = Number(params.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 50) {
    const message = 'Значение должно быть от 1 до 50';
    return errorsAnswer(422, { key: 'limit', value: params.get('limit'), message, code: 'invalid' });
  }
  const query = params.get('query') ?? '';
  const identity = `users\n${query}`;
  const cursorText = params.get('cursor');
  const cursor = cursorText === null ? undefined : cursors.decode(cursorText, identity);
  if (cursorText !== null && cursor === undefined) {
    return errorsAnswer(400, { key: 'cursor', value: cursorText, message: 'Некорректный курсор', code: 'invalid' });
  }
  const found = users.filter((user) => matches(user, query));
  // In these cursors the place is the id of a person; "older" goes on in the list, "newer" goes back.
  const place = cursor?.timeMs ?? 0;
  const back = cursor?.direction === 'newer';
  const rest = found.filter((user) => (back ? user.id < place : user.id > place));
  const page = back ? rest.slice(-limit) : rest.slice(0, limit);
  const first = page[0]?.id ?? place;
  const last = page.at(-1)?.id ?? place;
  const at = (timeMs: number, direction: 'older' | 'newer'): string =>
    cursors.encode({ timeMs, id: '', direction, inclusive: false, step: 0 }, identity);
  const paginate = {
    next_page: at(last, 'older'),
    prev_page: at(first, 'newer'),
    has_next: found.some((user) => user.id > last),
    has_prev: found.some((user) => user.id < first),
  };
  return { status: 200, body: JSON.stringify({ data: page.map(asShown), meta: { paginate } }) };
}

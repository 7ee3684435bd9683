// Owns what is known of one person or bot, and when a text means that person.
import { z } from 'zod';
import { cleanText } from '../text/clean.ts';

export interface Person {
  readonly id: string;
  /** First and last name; the nickname or the e-mail where there is none. */
  readonly name: string;
  readonly nickname?: string;
  readonly email?: string;
  readonly role?: string;
  /** Only where true. */
  readonly bot?: true;
  /** Only where true. */
  readonly suspended?: true;
}

const text = z.string().nullish();

/** A user as the API gives it; only the id is relied on. */
export const userSchema = z.object({
  id: z.union([z.number(), z.string().min(1)]),
  first_name: text,
  last_name: text,
  nickname: text,
  email: text,
  role: text,
  bot: z.boolean().nullish(),
  suspended: z.boolean().nullish(),
});

export function personOf(user: z.output<typeof userSchema>): Person {
  const id = String(user.id);
  const fullName = [user.first_name, user.last_name].flatMap((part) => part?.trim() || []).join(' ');
  return {
    id,
    name: fullName || user.nickname || user.email || id,
    ...(user.nickname ? { nickname: user.nickname } : {}),
    ...(user.email ? { email: user.email } : {}),
    ...(user.role ? { role: user.role } : {}),
    ...(user.bot === true ? { bot: true } : {}),
    ...(user.suspended === true ? { suspended: true } : {}),
  };
}

/** `text` as names are compared: as answers show it (nothing hidden), no case, ё as е, one hyphen, one space between words, no commas. */
export function foldName(text: string): string {
  return cleanText(text)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/\p{Pd}/gu, '-')
    .replaceAll(/[\s,]+/gu, ' ')
    .trim();
}

/**
 * Who `text` may mean: by e-mail or @nickname who has exactly that; else everybody who has all its words as their nickname, in
 * their name, or in nickname and e-mail, so that "Ivan Petrov" finds Иван Петров, whose e-mail is ivan.petrov@…. People choose names
 * and nicknames themselves: whoever is called as somebody else's surname must not take that one's place.
 */
export function meant(text: string, people: readonly Person[]): readonly Person[] {
  const wanted = foldName(text);
  const nickname = wanted.replace(/^@/, '');
  if (nickname === '') return [];
  if (wanted.startsWith('@')) return people.filter((person) => foldName(person.nickname ?? '') === nickname);
  if (wanted.includes('@')) return people.filter((person) => foldName(person.email ?? '') === wanted);
  const words = wordsOf(wanted);
  const called = people.filter(
    (person) =>
      foldName(person.nickname ?? '') === nickname ||
      isPart(words, wordsOf(foldName(person.name))) ||
      isPart(words, handleWords(person)),
  );
  if (called.length > 0) return called;
  // "Иванов Пётр Ильич" means Пётр Иванов, where the directory keeps no patronymic.
  return people.filter((person) => {
    const known = wordsOf(foldName(person.name));
    return known.length > 1 && isPart(known, words);
  });
}

/** What people are, as they are called in Russian, one and many. */
const RUSSIAN_MARKS: Readonly<Record<string, string>> = {
  owner: 'владелец владельцы',
  admin: 'админ администратор админы администраторы',
  guest: 'гость гости',
  multi_guest: 'гость гости мультигость',
  bot: 'бот боты',
  suspended: 'заблокирован заблокированный заблокированные приостановлен',
};

/** People with every word of `text` somewhere in their names, nickname, e-mail, role, marks or id; whom `text` means come first. */
export function searched(text: string, people: readonly Person[]): readonly Person[] {
  const words = wordsOf(foldName(text).replace(/^@/, ''));
  if (words.length === 0) return [];
  const first = new Set(meant(text, people));
  const found = people.filter((person) => {
    const marks = [person.role, person.bot && 'bot', person.suspended && 'suspended'].filter(
      (mark) => typeof mark === 'string',
    );
    const fields = foldName([person.name, person.nickname, person.email, ...marks].filter(Boolean).join(' '));
    const called = wordsOf(marks.map((mark) => RUSSIAN_MARKS[mark] ?? '').join(' '));
    const has = (word: string): boolean => fields.includes(word) || called.includes(word);
    return first.has(person) || person.id === text.trim() || words.every(has);
  });
  return [...first, ...found.filter((person) => !first.has(person)).sort((a, b) => (a.name < b.name ? -1 : 1))];
}

/** `ivan`, `petrov` of ivan.petrov@example.com; single letters stand for any name. */
function handleWords({ nickname, email }: Person): string[] {
  const words = foldName(`${nickname ?? ''} ${email?.split('@')[0] ?? ''}`).split(/[^\p{L}]+/u);
  return words.filter((word) => word.length > 1);
}

function wordsOf(folded: string): string[] {
  return folded.split(' ').filter((word) => word !== '');
}

/** Whether `of` has every word of `words`, one that comes twice twice. */
function isPart(words: readonly string[], of: readonly string[]): boolean {
  const count = (word: string, among: readonly string[]): number => among.filter((one) => one === word).length;
  return words.length > 0 && words.every((word) => count(word, of) >= count(word, words));
}

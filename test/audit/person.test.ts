// Tests one person: what is kept of the API's answer, and by which words the person is found.
import { describe, expect, test } from 'vitest';
import { meant, personOf, searched, type Person } from '../../src/audit/person.ts';

const PEOPLE: readonly Person[] = [
  { id: '1', name: 'Пётр Иванов', nickname: 'petr.ivanov', email: 'petr@example.com' },
  { id: '2', name: 'Анна Иванова', nickname: 'anna', email: 'Anna@Example.com' },
  { id: '3', name: 'Иван Петров', nickname: 'ivan' },
  { id: '4', name: 'Анна Семёнова', nickname: 'иванова' },
  { id: '5', name: 'Мария де ла Крус' },
  { id: '6', name: 'Отчёты', bot: true },
];

const idsOf = (people: readonly Person[]) => people.map(({ id }) => id);

describe('personOf', () => {
  test('keeps what is there and leaves out what is not', () => {
    const user = { id: 7, first_name: ' Анна ', last_name: null, nickname: '', email: null, role: 'admin', bot: false };
    expect(personOf(user)).toEqual({ id: '7', name: 'Анна', role: 'admin' });
  });

  test.each([
    [{ id: 7, nickname: 'anna', email: 'a@b' }, 'anna'],
    [{ id: 7, first_name: ' ', email: 'a@b' }, 'a@b'],
    [{ id: 7 }, '7'],
  ])('names %j', (user, name) => {
    expect(personOf(user).name).toBe(name);
  });
});

describe('searched', () => {
  const all: readonly Person[] = [
    { id: '1', name: 'Анна', role: 'guest' },
    { id: '2', name: 'Борис', role: 'multi_guest' },
    { id: '3', name: 'Вера', role: 'admin', suspended: true },
    { id: '4', name: 'Глеб', role: 'owner' },
    { id: '5', name: 'Отчёты', role: 'user', bot: true },
    { id: '6', name: 'Работнова Дарья', role: 'user' },
  ];
  test.each([
    ['гость', ['1', '2']],
    ['Админ', ['3']],
    ['администраторы', ['3']],
    ['владелец', ['4']],
    ['боты', ['5']],
    ['заблокированные', ['3']],
  ])('finds what people are in Russian: %s', (text, ids) => {
    expect(idsOf(searched(text, all))).toEqual(ids);
  });
});

describe('meant', () => {
  test.each([
    ['Пётр Иванов', ['1']],
    ['иванов ПЕТР', ['1']],
    ['Иванов, Пётр', ['1']],
    ['Иванов Петр Ильич', ['1']],
    ['@anna', ['2']],
    ['@ANNA', ['2']],
    ['anna@example.com', ['2']],
    ['ivan', ['3']],
    ['Анна', ['2', '4']],
    // Whoever took somebody's surname as a nickname does not take their place.
    ['Иванова', ['2', '4']],
    ['@иванова', ['4']],
    ['семенова', ['4']],
    ['Крус Мария', ['5']],
    ['отчеты', ['6']],
    ['Иван', ['3']],
    ['Petr Ivanov', ['1']],
    ['Ivanov', ['1']],
    ['Иван Иван', []],
    ['Ив', []],
    ['@nobody', []],
    ['nobody@example.com', []],
    ['Анна Петрова', []],
    ['', []],
    ['@', []],
  ])('takes %j for %j', (text, ids) => {
    expect(idsOf(meant(text, PEOPLE))).toEqual(ids);
  });
});

test('who looks like somebody in answers is meant with them: hidden characters and other hyphens make no other name', () => {
  const people: readonly Person[] = [
    { id: '21', name: 'Иван Петров' },
    { id: '22', name: 'Ива\u200bн Пет\u00adров' },
    { id: '23', name: 'Анна Иванова\u2011Смит' },
  ];
  expect(idsOf(meant('Иван Петров', people))).toEqual(['21', '22']);
  expect(idsOf(searched('Иван Петров', people))).toEqual(['21', '22']);
  expect(idsOf(meant('Анна Иванова-Смит', people))).toEqual(['23']);
});

describe('meant, of people who are called as others', () => {
  const people: readonly Person[] = [
    { id: '11', name: 'Robert Stone', nickname: 'smith' },
    { id: '12', name: 'Jane Smith' },
    { id: '13', name: 'Mallory Grey', nickname: 'petrov' },
    { id: '14', name: 'Ivan Petrov' },
    { id: '15', name: 'Sidorov' },
    { id: '16', name: 'Oleg Sidorov', email: 's.max@example.com' },
    { id: '17', name: 'Иван Иванов' },
    { id: '18', name: 'Сидоров Олег', email: 'oleg.sidorov@example.com' },
  ];
  test.each([
    ['Smith', ['11', '12']],
    ['Petrov', ['13', '14']],
    ['Sidorov', ['15', '16', '18']],
    ['Oleg Sidorov', ['16', '18']],
    ['@petrov', ['13']],
    ['Ivan Petrov', ['14']],
    ['Иван Иван', []],
    ['S', []],
  ])('takes %j for all of %j', (text, ids) => {
    expect(idsOf(meant(text, people))).toEqual(ids);
  });
});

describe('searched', () => {
  test.each([
    ['иванов', ['1', '2', '4']],
    ['ива', ['2', '4', '3', '1']],
    ['example.com', ['2', '1']],
    ['анна example', ['2']],
    ['@petr', ['1']],
    ['3', ['3']],
    ['   ', []],
    ['никто', []],
  ])('finds for %j the people %j, whom it means first, then by name', (text, ids) => {
    expect(idsOf(searched(text, PEOPLE))).toEqual(ids);
  });

  test('finds people by what they are, behind those who are called so', () => {
    const people: readonly Person[] = [
      { id: '1', name: 'Анна Петрова', role: 'multi_guest' },
      { id: '2', name: 'Admin Team', role: 'user', bot: true },
      { id: '3', name: 'Олег Орлов', role: 'admin', suspended: true },
    ];
    expect(idsOf(searched('admin', people))).toEqual(['2', '3']);
    expect(idsOf(searched('guest', people))).toEqual(['1']);
    expect(idsOf(searched('bot', people))).toEqual(['2']);
    expect(idsOf(searched('suspended admin', people))).toEqual(['3']);
  });
});

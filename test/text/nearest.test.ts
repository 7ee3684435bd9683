// Tests which names are near a mistyped one.
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/text/nearest.ts';

describe('nearest', () => {
  test.each([
    ['exprot', ['export', 'verify'], ['export']],
    ['chek', ['export', 'check'], ['check']],
    ['USER_LOGN', ['user_login', 'user_logout', 'chat_created'], ['user_login', 'user_logout']],
    ['Иванов', ['Анна Иванова', 'Пётр Иванов', 'Олег Петров'], ['Анна Иванова', 'Пётр Иванов']],
    ['zzz', ['export', 'check'], []],
    ['', ['export'], []],
    ['go', ['export', 'no'], ['no']],
  ])('finds for %s among %j', (word, words, found) => {
    expect(nearest(word, words)).toEqual(found);
  });

  test('gives no more than asked for, nearest first', () => {
    expect(nearest('abcdef', ['abcdxx', 'abcdeg', 'abcdef', 'abcdeh'], 2)).toEqual(['abcdef', 'abcdeg']);
  });
});

// Tests W8, chat_made_public: what raises it, how grave it is, and what it must not be raised by.
import { describe, expect, test } from 'vitest';
import { act, judge, severities } from '../support/changes.ts';
import { DAY, HOUR, MINUTE } from '../support/events.ts';

const access = (at: number, isPublic: boolean, chat = '900') =>
  act({ at, key: 'chat_permission_changed', entity: `Chat:${chat}`, details: { public_access: isPublic } });
const open = (at: number, chat?: string) => access(at, true, chat);

describe('chat_made_public', () => {
  test('a chat opened to everybody is a high finding', () => {
    const { findings } = judge([open(0)], ['chat_made_public']);
    expect(findings).toMatchObject([{ severity: 'high' }]);
    expect(findings[0]?.why).toBe('Actor 1 made chat 900 public.');
  });

  test('two chats within the hour stay high, the third is critical', () => {
    expect(severities([open(0, '1'), open(MINUTE, '2')], 'chat_made_public')).toEqual(['high']);
    const { findings } = judge([open(0, '1'), open(MINUTE, '2'), open(2 * MINUTE, '3')], ['chat_made_public']);
    expect(findings).toMatchObject([{ severity: 'critical', event_count: 3 }]);
    expect(findings[0]?.why).toContain('Chats opened within the hour: 3.');
  });

  test('the third chat counts exactly an hour after the first, and not a millisecond later', () => {
    const two = [open(0, '1'), open(MINUTE, '2')];
    expect(severities([...two, open(HOUR, '3')], 'chat_made_public')).toEqual(['critical']);
    expect(severities([...two, open(HOUR + 1, '3')], 'chat_made_public')).toEqual(['high']);
  });

  test('a chat opened and closed again within exactly an hour is critical, a millisecond later not', () => {
    expect(severities([open(0), access(HOUR, false)], 'chat_made_public')).toEqual(['critical']);
    expect(severities([open(0), access(HOUR + 1, false)], 'chat_made_public')).toEqual(['high']);
  });

  test('a chat that somebody else closes again is told of who opened it', () => {
    const closed = act({
      at: MINUTE,
      key: 'chat_permission_changed',
      actor: '2',
      entity: 'Chat:900',
      details: { public_access: false },
    });
    const { findings } = judge([open(0), closed], ['chat_made_public']);
    expect(findings).toMatchObject([{ severity: 'critical', event_count: 2 }]);
    expect(findings[0]?.why).toContain('Actor 1 made chat 900 public.');
  });

  test('a chat that was public already, or is closed, is none', () => {
    const judged = judge([open(-10 * DAY), open(0)], ['chat_made_public']);
    expect(judged.findings).toEqual([]);
    expect(severities([access(0, false)], 'chat_made_public')).toEqual([]);
  });

  test('a chat opened by who has just created it is low, by somebody else or a day later high', () => {
    const created = (at: number, actor = '1') => act({ at, key: 'chat_created', actor, entity: 'Chat:900' });
    expect(severities([created(0), open(MINUTE)], 'chat_made_public')).toEqual(['low']);
    expect(severities([created(-DAY), open(0)], 'chat_made_public')).toEqual(['low']);
    expect(severities([created(-DAY - 1), open(0)], 'chat_made_public')).toEqual(['high']);
    expect(severities([created(0, '2'), open(MINUTE)], 'chat_made_public')).toEqual(['high']);
    expect(severities([created(0), open(1), access(2, false)], 'chat_made_public')).toEqual(['low']);
  });
});

// Tests which deletions are cleaning up one's own messages.
import { describe, expect, test } from 'vitest';
import { isSelfCleaning, nettingNeeds } from '../../src/detect/netting.ts';
import { judge, several } from './support/changes.ts';
import { HOUR, SECOND, T0 } from './support/events.ts';

const messages = (count: number, key: string, at = 0) =>
  several(count, SECOND, (index) => ({ at: at + index * SECOND, key, entity: `Message:${7000 + index}` }));
const deleted = (count: number, at = 0) => messages(count, 'message_deleted', at);
const written = (count: number, at: number) => messages(count, 'message_created', at);

describe('nettingNeeds', () => {
  test('a burst of deletions asks for the actor, from an hour before it to its end, on whole seconds', () => {
    const { findings } = judge(deleted(20, 500), ['destruction_burst']);
    expect(nettingNeeds(findings)).toEqual([
      {
        findingId: findings[0]?.id,
        actorId: '1',
        window: { startMs: T0 - HOUR, endMs: T0 + 20 * SECOND },
        eventKeys: ['message_created', 'message_deleted'],
      },
    ]);
  });

  test('what was not deletion of messages alone, or what other rules saw too, is never cleared', () => {
    expect(nettingNeeds(judge(messages(5, 'tag_deleted'), ['destruction_burst']).findings)).toEqual([]);
    const mixed = [...deleted(20), ...messages(5, 'tag_deleted')];
    expect(nettingNeeds(judge(mixed, ['destruction_burst']).findings)).toEqual([]);
    const opened = several(1, 0, () => ({
      key: 'chat_permission_changed',
      entity: 'Chat:900',
      details: { public_access: true },
    }));
    const { findings } = judge([...deleted(20), ...opened], ['destruction_burst', 'chat_made_public']);
    expect(findings).toHaveLength(1);
    expect(nettingNeeds(findings)).toEqual([]);
  });
});

describe('isSelfCleaning', () => {
  test('deletions of what the actor wrote within the hour before are no destruction, of older messages they are', () => {
    expect(isSelfCleaning([...written(20, -HOUR), ...deleted(20)])).toBe(true);
    expect(isSelfCleaning([...written(20, -HOUR - 1), ...deleted(20)])).toBe(false);
    expect(isSelfCleaning(deleted(20))).toBe(false);
  });

  test('the messages of others that are left decide, from the threshold of the rule on', () => {
    expect(isSelfCleaning([...written(20, -60 * SECOND), ...deleted(39)])).toBe(true);
    expect(isSelfCleaning([...written(20, -60 * SECOND), ...deleted(40)])).toBe(false);
  });

  test('events that come twice count once, in any order', () => {
    expect(isSelfCleaning([...deleted(19), ...deleted(19)].toReversed())).toBe(true);
  });
});

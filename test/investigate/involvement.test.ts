// Tests how a person is involved in what somebody else did, and how much an event says of whoever did it.
import { describe, expect, test } from 'vitest';
import { involvementOf, NAMING_KEYS } from '../../src/investigate/involvement.ts';
import { isAdminAction, rankOf } from '../../src/investigate/notable.ts';
import { eventAt, NOW_MS } from '../support/api-log.ts';

const others = { actor_id: '7', entity_id: '8' };

describe('a person', () => {
  test.each([
    ['actor', {}],
    ['actor', { details: { initiator_id: 1000 } }],
    ['subject', { details: { initiator_id: 7 } }],
    ['entity', { ...others, entity_id: '1000' }],
    [undefined, { ...others, entity_type: 'Chat', entity_id: '1000' }],
    ['initiator', { ...others, details: { initiator_id: '1000' } }],
    ['initiator', { ...others, details: { actor_id: 1000 } }],
    ['inviter', { ...others, details: { inviter_id: 1000 } }],
    ['dlp_subject', { ...others, event_key: 'dlp_violation_detected', details: { user_id: 1000 } }],
    [undefined, { ...others, event_key: 'user_updated', details: { user_id: 1000 } }],
    [undefined, others],
  ])('is %s of an event with %j', (involvement, change) => {
    expect(involvementOf(eventAt(NOW_MS, 0, change), '1000')).toBe(involvement);
  });

  test('is looked for in all keys whose details name people', () => {
    expect(NAMING_KEYS.toSorted()).toEqual([
      'bot_deleted',
      'bot_token_recreated',
      'dlp_violation_detected',
      'user_added_to_tag',
      'user_chat_join',
      'user_chat_leave',
      'user_removed_from_tag',
      'user_role_changed',
    ]);
  });
});

test('a key that nobody knows is always worth a line, and told as what administrators do', () => {
  expect(['something_new', 'user_2fa_fail', 'user_login', 'message_created'].map(rankOf)).toEqual([0, 0, 1, 2]);
  expect(['something_new', 'access_token_created', 'user_login'].map(isAdminAction)).toEqual([true, true, false]);
});

// Owns the order of roles in a company, and the reading of a change of role.
import { initiatorOf, textIn } from '../audit/event-details.ts';
import type { SeenEvent } from './detector.ts';

const RANKS: ReadonlyMap<string, number> = new Map([
  ['guest', 0],
  ['multi_guest', 1],
  ['user', 2],
  ['admin', 3],
  ['owner', 4],
]);
const ADMIN_RANK = 3;
const USER_RANK = 2;

export interface RoleChange {
  readonly targetId: string;
  readonly initiatorId: string;
  readonly role: string;
  readonly rises: boolean;
  readonly falls: boolean;
  /** Is, or was, an administrator or owner. */
  readonly toAdmin: boolean;
  readonly fromAdmin: boolean;
  readonly toGuest: boolean;
}

/** The change of role that `seen` tells; undefined where it tells none that can be ranked. */
export function roleChangeOf(seen: SeenEvent): RoleChange | undefined {
  if (seen.key !== 'user_role_changed') return undefined;
  const role = textIn(seen.event, 'new_company_role') ?? '';
  const now = RANKS.get(role);
  const before = RANKS.get(textIn(seen.event, 'previous_company_role') ?? '');
  const targetId = seen.event.entity_id;
  const initiatorId = initiatorOf(seen.event);
  if (now === undefined || before === undefined || !targetId || initiatorId === undefined) return undefined;
  return {
    targetId,
    initiatorId,
    role,
    rises: now > before,
    falls: now < before,
    toAdmin: now >= ADMIN_RANK,
    fromAdmin: before >= ADMIN_RANK,
    toGuest: now < USER_RANK,
  };
}

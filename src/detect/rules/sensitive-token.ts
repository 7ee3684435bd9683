// Owns W6: an access token is made, or widened, that opens messages, people or the log itself.
import { listIn } from '../../audit/event-details.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { scopeList, sensitiveScopes } from '../scopes.ts';
import { createSightings } from '../sightings.ts';

const DAY_MS = 86_400_000;

const TOKEN_KEYS = ['access_token_created', 'access_token_updated', 'access_token_destroy'] as const;

/** What is known of each token; bounded by tokens. */
function createTokens() {
  /** Sensitive scopes as last seen. */
  const known = new Map<string, readonly string[]>();
  /** Who made it; absent where that was not read. */
  const makers = new Map<string, string>();
  const idOf = ({ event }: SeenEvent): string => event.entity_id ?? '';
  return {
    makerOf: (seen: SeenEvent) => makers.get(idOf(seen)),
    /** The sensitive scopes that `seen` adds, and whether those of before are known. */
    added(seen: SeenEvent): { scopes: readonly string[]; knowsBefore: boolean } {
      const now = sensitiveScopes(listIn(seen.event, 'scopes'));
      const before = known.get(idOf(seen));
      if (seen.key === 'access_token_created') return { scopes: now, knowsBefore: true };
      return { scopes: now.filter((scope) => before?.includes(scope) !== true), knowsBefore: before !== undefined };
    },
    keep(seen: SeenEvent): void {
      const id = idOf(seen);
      if (id === '' || seen.trial) return;
      if (seen.key === 'access_token_destroy') {
        known.delete(id);
        makers.delete(id);
        return;
      }
      known.set(id, sensitiveScopes(listIn(seen.event, 'scopes')));
      if (seen.key === 'access_token_created' && seen.actorId !== undefined) makers.set(id, seen.actorId);
    },
  };
}

export const sensitiveToken = defineDetector({
  rule: 'sensitive_token',
  code: 'W6',
  severity: 'medium',
  eventKeys: TOKEN_KEYS,
  companyKeys: TOKEN_KEYS,
  baseline: 'actor',
  techniques: ['T1098.001', 'T1528'],
  params: { firstTokenMs: 90 * DAY_MS, minHistoryMs: 7 * DAY_MS },
  logic: {
    en: 'A token with audit_events, chat_exports, messages:read, search:messages, bots:write or write access to users is created, or such a scope is added to one. High when it is the first token of the actor in {firstTokenMs}, as far as at least {minHistoryMs} were read. Scopes that the actor has given before are routine.',
    ru: 'Создан токен с audit_events, chat_exports, messages:read, search:messages, bots:write или правом изменять сотрудников, либо такое право добавлено. Высокая, если это первый токен сотрудника за {firstTokenMs}, насколько прочитано не меньше {minHistoryMs}. Права, которые он уже выдавал, считаются привычными.',
  },
  blindSpots: {
    en: 'Use of a token is not logged. What a token could do before it was last changed is known only if that was read.',
    ru: 'Использование токена не пишется. Что токен мог до последнего изменения, известно, только если это прочитано.',
  },
  start(params, context) {
    const tokens = createTokens();
    const owners = createSightings({ horizonMs: params.firstTokenMs });
    const granted = createSightings({ horizonMs: params.firstTokenMs });
    return {
      observe(seen) {
        const { actorId, timeMs: nowMs } = seen;
        const { scopes, knowsBefore } = tokens.added(seen);
        const maker = tokens.makerOf(seen) ?? actorId;
        tokens.keep(seen);
        if (actorId === undefined || maker === undefined || seen.key === 'access_token_destroy') return;
        const isFirst = !owners.knows(actorId, nowMs);
        owners.note(actorId, seen);
        if (scopes.length === 0) return;
        const grants = scopes.map((scope) => `${actorId}|${scope}`);
        const strange = grants.filter((grant) => !granted.knows(grant, nowMs));
        for (const grant of grants) granted.note(grant, seen, strange.includes(grant));
        if (strange.length === 0) return context.leaveOut('routine', seen);
        const reachesBack = context.historySinceMs('access_token_created') <= nowMs - params.minHistoryMs;
        const isWorse = isFirst && reachesBack && knowsBefore;
        context.emit({
          rule: 'sensitive_token',
          severity: isWorse ? 'high' : 'medium',
          events: [seen],
          // Whose token can do more now is concerned as much as who did it.
          actorIds: [...new Set([actorId, maker])],
          facts: { actor: actorId, scopes: scopeList(scopes), key: seen.key, maker },
          extras: [
            ...(knowsBefore ? (isWorse ? ['first_token'] : []) : ['unknown_before']),
            ...(maker === actorId ? [] : ['of_another']),
          ],
        });
      },
    };
  },
});

// Owns W16: a bot or app is given more trust, or sends what it knows somewhere new.
import { changeIn, idIn, listIn, textIn, textsOf } from '../../audit/event-details.ts';
import type { EventKey } from '../../audit/event-keys.ts';
import { defineDetector, type Baseline, type SeenEvent, type Severity } from '../detector.ts';
import { familiarity } from '../familiarity.ts';
import { severityRank } from '../incident.ts';
import { createRecent } from '../recent.ts';
import { scopeList, sensitiveScopes } from '../scopes.ts';
import { createSightings } from '../sightings.ts';

const DAY_MS = 86_400_000;

interface Verdict {
  readonly severity: Severity;
  readonly extra: string;
  /** What the sentence names: a host, scopes, a client. */
  readonly subject: string;
  /** More than the event at hand. */
  readonly events?: readonly SeenEvent[];
}
type Judge = (seen: SeenEvent) => Verdict | 'routine' | 'short_history' | undefined;

/** Whether what is judged so must not make the next of its kind routine. An app that is merely new may. */
function isDoubtful(verdict: ReturnType<Judge>): boolean {
  return typeof verdict === 'object' && severityRank(verdict.severity) > severityRank('low');
}

/** "https://host" of each address that is one. A change of path is no change of trust. */
function originsOf(value: unknown): string[] {
  return textsOf(value).flatMap((text) => {
    if (!URL.canParse(text)) return [];
    const { protocol, host } = new URL(text);
    return [`${protocol}//${host}`];
  });
}

/** Origins that a setting points to now and did not before. */
function newOrigins(seen: SeenEvent, setting: string): string[] {
  const change = changeIn(seen.event, setting);
  const before = originsOf(change?.previous);
  return originsOf(change?.now).filter((origin) => !before.includes(origin));
}

function scopesVerdict(scopes: readonly string[]): Verdict | undefined {
  const sensitive = sensitiveScopes(scopes);
  return sensitive.length === 0 ? undefined : { severity: 'high', extra: 'scopes', subject: scopeList(sensitive) };
}

/** Webhooks, and addresses to which an app sends its users back. */
function createOriginJudge(unseenMs: number) {
  const origins = createSightings({ horizonMs: unseenMs });
  return (seen: SeenEvent, setting: string, extra: string): ReturnType<Judge> => {
    const added = newOrigins(seen, setting);
    const strange = added.filter((origin) => !origins.knows(origin, seen.timeMs));
    for (const origin of added) origins.note(origin, seen, strange.includes(origin));
    const [first] = strange;
    if (first === undefined) return added.length === 0 ? undefined : 'routine';
    return { severity: 'high', extra, subject: first };
  };
}

function createGrantJudge(
  params: { users: number; usersWindowMs: number; unseenMs: number },
  reachesBack: (seen: SeenEvent) => boolean,
): Judge {
  const clients = createSightings({ horizonMs: params.unseenMs });
  const grants = createRecent(params.usersWindowMs, 1000);
  function judgeClient(seen: SeenEvent, client: string): ReturnType<Judge> {
    const events = [...grants.of(client, seen.timeMs), seen];
    grants.add(client, seen);
    if (clients.knows(client, seen.timeMs)) return 'routine';
    const isSensitive = sensitiveScopes(listIn(seen.event, 'scopes')).length > 0;
    if (!reachesBack(seen))
      return isSensitive ? { severity: 'medium', extra: 'no_baseline', subject: client } : 'short_history';
    const users = new Set(events.map(({ actorId }) => actorId)).size;
    if (users >= params.users) return { severity: 'high', extra: 'many_grants', subject: client, events };
    return { severity: isSensitive ? 'medium' : 'low', extra: 'new_app', subject: client };
  }
  return (seen) => {
    const client = textIn(seen.event, 'client_id') ?? idIn(seen.event, 'client_id');
    if (client === undefined) return undefined;
    const verdict = judgeClient(seen, client);
    clients.note(client, seen, isDoubtful(verdict));
    return verdict;
  };
}

/** Who may be expected to make a bot's token anew: whoever looked after it, or after another bot, before. */
function createKeeperJudge(unseenMs: number, baseline: Baseline, reachesBack: (seen: SeenEvent) => boolean) {
  const keepers = createSightings({ horizonMs: unseenMs });
  const keysOf = (seen: SeenEvent) => {
    const actor = actorOf(seen);
    return [`${actor}|${idIn(seen.event, 'bot_id') ?? seen.event.entity_id ?? ''}`, actor] as const;
  };
  function severityOf(seen: SeenEvent, keepsOthers: boolean): Severity {
    if (!keepsOthers) return 'high';
    return familiarity(baseline, actorOf(seen), seen) === 'familiar' ? 'low' : 'medium';
  }
  return {
    note(seen: SeenEvent, isDoubted: boolean): void {
      for (const key of keysOf(seen)) keepers.note(key, seen, isDoubted);
    },
    judge(seen: SeenEvent): ReturnType<Judge> {
      const [ofBot, ofAny] = keysOf(seen);
      const subject = idIn(seen.event, 'bot_id') ?? seen.event.entity_id;
      if (!subject || ofAny === '') return undefined;
      if (keepers.knows(ofBot, seen.timeMs)) return 'routine';
      if (!reachesBack(seen)) return { severity: 'medium', extra: 'no_baseline', subject };
      return { severity: severityOf(seen, keepers.knows(ofAny, seen.timeMs)), extra: 'new_keeper', subject };
    },
  };
}

/** Who changed the bot or app; '' where the log does not say. */
function actorOf(seen: SeenEvent): string {
  return idIn(seen.event, 'actor_id') ?? seen.actorId ?? '';
}

export const integrationTrustChange = defineDetector({
  rule: 'integration_trust_change',
  code: 'W16',
  severity: 'high',
  eventKeys: [
    'bot_scopes_updated',
    'bot_webhook_settings_updated',
    'bot_token_recreated',
    'bot_oauth_client_updated',
    'oauth_authorization_granted',
    'user_login',
  ],
  baseline: 'tenant',
  techniques: ['T1528', 'T1098.001', 'T1567'],
  params: { users: 3, usersWindowMs: 60 * 60_000, unseenMs: 30 * DAY_MS, minHistoryMs: 7 * DAY_MS },
  logic: {
    en: 'High: a webhook or redirect address of a host not set in {unseenMs}; a sensitive scope (as for tokens) added to a bot or app; a bot token made anew by somebody who kept no bot in {unseenMs} (medium if another bot, low if also from a known network and client); {users} or more users within {usersWindowMs} let in an app not seen in {unseenMs}. One such user: medium with sensitive scopes, else low.',
    ru: 'Высокая: вебхук или адрес возврата на узел, которого не было за {unseenMs}; чувствительное право (как у токенов) дано боту или приложению; токен бота перевыпустил тот, кто за {unseenMs} ботов не вёл (средняя, если вёл другого, низкая, если ещё и из известной сети и клиента); {users} или более сотрудников за {usersWindowMs} впустили приложение, которого не было за {unseenMs}. Один такой: средняя при чувствительных правах, иначе низкая.',
  },
  blindSpots: {
    en: 'A planned release looks the same. What a bot or app reads and sends is not logged, nor is the making of a bot.',
    ru: 'Плановый выпуск выглядит так же. Что бот или приложение читает и отправляет, как и создание бота, в журнал не пишется.',
  },
  start(params, { baseline, emit, leaveOut, historySinceMs }) {
    const judgeOrigin = createOriginJudge(params.unseenMs);
    const reachesBack = (key: EventKey) => (seen: SeenEvent) =>
      historySinceMs(key) <= seen.timeMs - params.minHistoryMs;
    const judgeGrant = createGrantJudge(params, reachesBack('oauth_authorization_granted'));
    const keepers = createKeeperJudge(params.unseenMs, baseline, reachesBack('bot_token_recreated'));

    function judge(seen: SeenEvent): ReturnType<Judge> {
      switch (seen.key) {
        case 'bot_scopes_updated':
          return scopesVerdict(listIn(seen.event, 'added_scopes'));
        case 'bot_webhook_settings_updated':
          return judgeOrigin(seen, 'outgoing_url', 'webhook');
        case 'bot_oauth_client_updated': {
          const { previous, now } = changeIn(seen.event, 'scopes') ?? { previous: [], now: [] };
          const before = textsOf(previous);
          const added = scopesVerdict(textsOf(now).filter((scope) => !before.includes(scope)));
          return added ?? judgeOrigin(seen, 'redirect_uris', 'redirect');
        }
        case 'bot_token_recreated':
          return keepers.judge(seen);
        case 'oauth_authorization_granted':
          return judgeGrant(seen);
        default:
          return undefined;
      }
    }

    return {
      observe(seen) {
        const verdict = judge(seen);
        if (seen.key.startsWith('bot_')) keepers.note(seen, isDoubtful(verdict));
        if (verdict === undefined) return;
        if (verdict === 'routine' || verdict === 'short_history') return leaveOut(verdict, seen);
        const { severity, extra, subject, events = [seen] } = verdict;
        emit({
          rule: 'integration_trust_change',
          severity,
          events,
          actorIds: [...new Set(events.map(actorOf))].filter((id) => id !== ''),
          facts: { actor: actorOf(seen) || 'unknown', key: seen.key, subject, minutes: params.usersWindowMs / 60_000 },
          extras: [extra],
        });
      },
    };
  },
});

// Owns L12: an account that should be quiet is not: long silent, or deleted.
import { ACTIVITY_KEYS } from '../activity-keys.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';
import { floatsFor } from '../flat.ts';
import { createWays, forgetWays, keep, recall } from '../ways.ts';

const DAY_MS = 86_400_000;
/** Clients and networks to know a person by after a long time. */
const MAX_REMEMBERED = 8;

/** What an actor logged in with, and from where. */
interface Remembered {
  readonly clients: Set<string>;
  readonly nets: Set<string>;
}

interface LastLogins {
  /** When the actor of this number logged in last; 0 where never. */
  ms(actor: number): number;
  /** Whether the actor logged in with this client or from this network before. */
  isFamiliar(seen: SeenEvent): boolean;
  note(seen: SeenEvent): void;
}

/** True where something was forgotten for it. */
function remember(set: Set<string>, value: string | undefined): boolean {
  if (value === undefined || set.has(value)) return false;
  set.add(value);
  const oldest = set.size > MAX_REMEMBERED ? set.values().next().value : undefined;
  return oldest !== undefined && set.delete(oldest);
}

function createLastLogins(): LastLogins {
  /** By the number of the actor. */
  let lastMs: Float64Array = new Float64Array(0);
  const remembered: Remembered[] = [];
  /** Those of which client and network are both remembered. */
  const ways = createWays(0);
  return {
    ms: (actor) => lastMs[actor] ?? 0,
    isFamiliar({ actor, client, networks }) {
      const known = remembered[actor];
      return known?.clients.has(client?.name ?? '') === true || known?.nets.has(networks?.net ?? '') === true;
    },
    note(seen) {
      const { actor, timeMs } = seen;
      lastMs = floatsFor(lastMs, actor + 1);
      lastMs[actor] = timeMs;
      if (recall(ways, actor, seen) >= 0) return;
      const entry = (remembered[actor] ??= { clients: new Set(), nets: new Set() });
      const forgotClient = remember(entry.clients, seen.client?.name);
      if (remember(entry.nets, seen.networks?.net) || forgotClient) forgetWays(ways, actor);
      keep(ways, actor, seen);
    },
  };
}

export const dormantAccountActive = defineDetector({
  rule: 'dormant_account_active',
  code: 'L12',
  severity: 'high',
  eventKeys: ['user_login', 'user_2fa_success', ...ACTIVITY_KEYS],
  aboutKeys: ['user_deleted', 'user_created'],
  baseline: 'actor',
  techniques: ['T1078'],
  params: { silenceMs: 45 * DAY_MS, graceMs: 5 * 60_000 },
  logic: {
    en: 'A login after {silenceMs} or more without one: medium, or low where network or client are those of before. Any telling action or login of an actor more than {graceMs} after the account was deleted: high.',
    ru: 'Вход после {silenceMs} или более без входов: средняя, или низкая, если сеть или клиент прежние. Любое значимое действие или вход позже чем через {graceMs} после удаления учётной записи: высокая.',
  },
  blindSpots: {
    en: 'The log goes back 90 days: an account that was silent for all of them looks new. Without a baseline silence is not looked for. Long leave looks the same, and so does an account that was restored.',
    ru: 'Журнал хранит 90 дней: учётная запись, молчавшая всё это время, выглядит новой. Без базового периода молчание не ищется. Долгий отпуск и восстановленная учётная запись выглядят так же.',
  },
  start(params, { emit }) {
    const logins = createLastLogins();
    const deleted = new Map<string, SeenEvent>();

    function judgeDeleted(actorId: string, seen: SeenEvent, deletion: SeenEvent): void {
      if (seen.timeMs - deletion.timeMs <= params.graceMs || seen.address === undefined) return;
      emit({
        rule: 'dormant_account_active',
        severity: 'high',
        events: [seen],
        facts: { actor: actorId, hours: (seen.timeMs - deletion.timeMs) / 3_600_000 },
        extras: ['deleted'],
      });
    }

    function judgeSilence(actorId: string, seen: SeenEvent): void {
      const silentMs = seen.timeMs - (logins.ms(seen.actor) || seen.timeMs);
      if (silentMs < params.silenceMs) return;
      const isFamiliar = logins.isFamiliar(seen);
      emit({
        rule: 'dormant_account_active',
        severity: isFamiliar ? 'low' : 'medium',
        events: [seen],
        facts: { actor: actorId, days: silentMs / DAY_MS },
        extras: [isFamiliar ? 'silent_familiar' : 'silent_strange'],
      });
    }

    return {
      recall: logins.note,
      observe(seen) {
        const { entity_id: target } = seen.event;
        if (seen.key === 'user_deleted' && !seen.trial && typeof target === 'string') deleted.set(target, seen);
        if (seen.key === 'user_created' && typeof target === 'string') deleted.delete(target);
        if (seen.actorId === undefined) return;
        const deletion = deleted.get(seen.actorId);
        if (deletion !== undefined && deletion !== seen) judgeDeleted(seen.actorId, seen, deletion);
        if (seen.key !== 'user_login') return;
        judgeSilence(seen.actorId, seen);
        if (!seen.trial) logins.note(seen);
      },
    };
  },
});

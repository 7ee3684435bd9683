// Owns cheap events without a story, any number of them, for benches and for tests of paging.
import { SIM_EVENT_KEYS, type SimEventKey } from './event-keys.ts';
import { ENTITY_TYPE_OF, PLAIN_DETAILS } from './key-facts.ts';
import type { SimEvent } from './model.ts';
import { createRandom, type Random } from './random.ts';

export interface PlainEventsOptions {
  count: number;
  /** Window of the events, half-open, milliseconds. */
  startMs: number;
  endMs: number;
  /** Default 1. */
  seed?: number;
  /** `uneven`: nine events in ten lie in one hour in the middle of the window. Default `flat`. */
  density?: 'flat' | 'uneven';
  /** `auth`: logins and 2FA only. Default `all`. */
  keys?: 'all' | 'auth';
  /** How many people act. Default 200. */
  people?: number;
  /** So many events share each millisecond. Default 1: chance alone. */
  ties?: number;
}

const AUTH_KEYS: readonly SimEventKey[] = ['user_login', 'user_2fa_success', 'user_2fa_fail', 'user_logout'];
const AGENTS = [
  'Pachca/3.60.0 (co.staply.pachca; build:15; iOS 18.5.0) Alamofire/5.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
];
const HOUR_MS = 3_600_000;

/** Where in the window event `index` lies: 0–1 is spread over the window or, nine times in ten, over its busy hour. */
function timeOf(options: PlainEventsOptions, index: number): number {
  const { count, startMs, endMs } = options;
  const span = endMs - startMs;
  const share = index / count;
  if (options.density !== 'uneven' || span <= HOUR_MS) return startMs + Math.floor(span * share);
  const busyFrom = startMs + Math.floor((span - HOUR_MS) / 2);
  if (share < 0.05) return startMs + Math.floor((busyFrom - startMs) * (share / 0.05));
  if (share < 0.95) return busyFrom + Math.floor(HOUR_MS * ((share - 0.05) / 0.9));
  return busyFrom + HOUR_MS + Math.floor((endMs - busyFrom - HOUR_MS) * ((share - 0.95) / 0.05));
}

function plainEvent(random: Random, key: SimEventKey, timeMs: number, people: number, index: number): SimEvent {
  const actor = 1000 + random.int(0, people - 1);
  const entityType = ENTITY_TYPE_OF[key];
  return {
    id: random.uuid(),
    created_at: new Date(timeMs).toISOString(),
    event_key: key,
    entity_id: String(entityType === 'User' ? actor : 1_000_000 + index),
    entity_type: entityType,
    actor_id: String(actor),
    actor_type: 'User',
    details: PLAIN_DETAILS[key]?.(actor) ?? {},
    ip_address: `198.51.${actor % 100}.${1 + (actor % 250)}`,
    user_agent: AGENTS[actor % AGENTS.length] ?? null,
  };
}

/** Oldest first by time; events of one millisecond come in any order of ids. */
export function* plainEvents(options: PlainEventsOptions): Generator<SimEvent> {
  const random = createRandom(options.seed ?? 1);
  const keys = options.keys === 'auth' ? AUTH_KEYS : SIM_EVENT_KEYS;
  const ties = options.ties ?? 1;
  for (let index = 0; index < options.count; index += 1) {
    const timeMs = timeOf(options, index - (index % ties));
    yield plainEvent(random, random.pick(keys), timeMs, options.people ?? 200, index);
  }
}

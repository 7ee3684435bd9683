// Owns W10: somebody searches through the API who has not done so for a month.
import { defineDetector } from '../detector.ts';
import { createSightings } from '../sightings.ts';
import { SEARCH_KEYS } from './api-harvesting.ts';

const DAY_MS = 86_400_000;

export const firstApiSearch = defineDetector({
  rule: 'first_api_search',
  code: 'W10',
  severity: 'low',
  eventKeys: [...SEARCH_KEYS, 'user_login'],
  baseline: 'actor',
  techniques: ['T1213.005'],
  params: { unseenMs: 30 * DAY_MS, minHistoryMs: 7 * DAY_MS },
  logic: {
    en: 'An actor makes an API search of a kind (people, chats, messages) not seen from them in {unseenMs}, where at least {minHistoryMs} before were read.',
    ru: 'Сотрудник делает через API поиск такого вида (сотрудники, чаты, сообщения), какого от него не было за {unseenMs}, если прочитано не меньше {minHistoryMs} до этого.',
  },
  blindSpots: {
    en: 'A sign, not a finding in itself: every new integration begins like this.',
    ru: 'Признак, а не находка: с этого начинается любая новая интеграция.',
  },
  start(params, { baseline, emit, leaveOut, historySinceMs }) {
    const searches = createSightings({ horizonMs: params.unseenMs });
    return {
      observe(seen) {
        const { actorId, client } = seen;
        if (actorId === undefined || seen.key === 'user_login') return;
        const kind = `${actorId}|${seen.key}`;
        const isKnown = searches.knows(kind, seen.timeMs);
        searches.note(kind, seen);
        if (isKnown) return;
        const key = SEARCH_KEYS.find((name) => name === seen.key) ?? 'search_messages_api';
        if (historySinceMs(key) > seen.timeMs - params.minHistoryMs) return leaveOut('short_history', seen);
        const isNewClient = client !== undefined && !baseline.knowsClient(actorId, seen);
        emit({
          rule: 'first_api_search',
          severity: 'low',
          events: [seen],
          facts: { actor: actorId, key, client: client?.family ?? 'unknown' },
          extras: isNewClient ? ['new_client'] : [],
        });
      },
    };
  },
});

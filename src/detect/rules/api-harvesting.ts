// Owns W9: people, chats or messages are searched through the API faster than anybody needs.
import { flagIn, numberIn } from '../../audit/event-details.ts';
import { createBursts, type Burst } from '../bursts.ts';
import { defineDetector, type SeenEvent } from '../detector.ts';

export const SEARCH_KEYS = ['search_users_api', 'search_chats_api', 'search_messages_api'] as const;

/** Whether the call turns the pages of everything, rather than looks for something. */
function isPaging({ event }: SeenEvent, fullPage: number): boolean {
  if (flagIn(event, 'cursor_present') !== true) return false;
  return flagIn(event, 'query_present') === false || (numberIn(event, 'limit') ?? 0) >= fullPage;
}

export const apiHarvesting = defineDetector({
  rule: 'api_harvesting',
  code: 'W9',
  severity: 'medium',
  eventKeys: SEARCH_KEYS,
  baseline: 'actor',
  techniques: ['T1087.004', 'T1213.005'],
  params: { searches: 60, pages: 20, fullPage: 100, windowMs: 10 * 60_000, habitDays: 3 },
  logic: {
    en: 'One actor makes {searches} or more API searches within {windowMs}, or {pages} or more that turn pages without a query or with {fullPage} results each; and more than usual (own habit of {habitDays} days, 99.9th percentile of the company). High when pages of messages are turned.',
    ru: 'Сотрудник делает не меньше {searches} поисков через API за {windowMs} либо не меньше {pages} таких, что листают страницы без запроса или по {fullPage} результатов; и больше обычного (своя привычка за {habitDays} дня, 99,9-й процентиль компании). Высокая, если листают сообщения.',
  },
  blindSpots: {
    en: 'Only searches are logged: lists of people, chats and messages read through other API calls are not. A patient harvester stays below the count.',
    ru: 'В журнал пишутся только поиски: списки сотрудников, чатов и сообщений через другие методы API не видны. Терпеливый сборщик не достигает порога.',
  },
  start(params, { emit, leaveOut }) {
    const { windowMs: spanMs, habitDays } = params;
    const calls = createBursts({ spanMs, habitDays, fixed: params.searches });
    const pages = createBursts({ spanMs, habitDays, fixed: params.pages });

    function report(seen: SeenEvent, burst: Burst, paging: boolean): void {
      const actor = seen.actorId ?? '';
      emit({
        rule: 'api_harvesting',
        severity: paging && seen.key === 'search_messages_api' ? 'high' : 'medium',
        events: burst.events,
        size: burst.count,
        facts: { actor, searches: burst.told, limit: burst.limit, minutes: spanMs / 60_000, key: seen.key },
        extras: paging ? ['paging'] : burst.knowsPast ? [] : ['no_baseline'],
      });
    }

    return {
      observe(seen) {
        if (seen.actorId === undefined) return;
        const paging = isPaging(seen, params.fullPage) ? pages.observe(seen.actorId, seen) : undefined;
        const all = calls.observe(seen.actorId, seen);
        if (paging?.over === true) report(seen, paging, true);
        if (all?.over === true) report(seen, all, false);
        else if (all?.usual === true || paging?.usual === true) leaveOut('usual_amount', seen);
      },
    };
  },
});

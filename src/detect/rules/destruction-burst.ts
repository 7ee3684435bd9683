// Owns W13: one actor deletes, or rewrites, many messages or tags in a short time.
import { createBursts } from '../bursts.ts';
import { defineDetector, type Severity } from '../detector.ts';

const DELETED = 'message_deleted';
const EDITED = 'message_updated';
const TAG_DELETED = 'tag_deleted';

export const DESTRUCTION_PARAMS = {
  messages: 20,
  manyMessages: 100,
  edits: 50,
  tags: 5,
  windowMs: 60 * 60_000,
  habitDays: 3,
} as const;

export const destructionBurst = defineDetector({
  rule: 'destruction_burst',
  code: 'W13',
  severity: 'medium',
  eventKeys: [DELETED, EDITED, TAG_DELETED],
  baseline: 'actor',
  techniques: ['T1485', 'T1070'],
  params: { ...DESTRUCTION_PARAMS },
  logic: {
    en: 'One actor deletes {messages} or more messages (high from {manyMessages}), deletes {tags} or more tags, or edits {edits} or more messages (low) within {windowMs}; and more than usual (own habit of {habitDays} days, 99.9th percentile of the company). Where the messages that the actor wrote can be read, deletions of what they wrote within {windowMs} before do not count.',
    ru: 'Один сотрудник удаляет не меньше {messages} сообщений (высокая от {manyMessages}), не меньше {tags} тегов или правит не меньше {edits} сообщений (низкая) за {windowMs}; и больше обычного (своя привычка за {habitDays} дня, 99,9-й процентиль компании). Где можно прочитать написанное им самим, удаление написанного не раньше чем за {windowMs} до того не считается.',
  },
  blindSpots: {
    en: 'The log does not say whose messages were deleted, nor in which chat. Bots that clean up behind themselves look the same until they are a habit or netted.',
    ru: 'Журнал не говорит, чьи сообщения удалены и в каком чате. Боты, которые убирают за собой, выглядят так же, пока не стали привычкой или не зачтены.',
  },
  start(params, { emit, leaveOut }) {
    const { windowMs: spanMs, habitDays } = params;
    const kinds = {
      [DELETED]: { bursts: createBursts({ spanMs, habitDays, fixed: params.messages }), many: params.manyMessages },
      [TAG_DELETED]: { bursts: createBursts({ spanMs, habitDays, fixed: params.tags }), many: Infinity },
      [EDITED]: { bursts: createBursts({ spanMs, habitDays, fixed: params.edits }), many: Infinity },
    } as const;

    function severityOf(key: keyof typeof kinds, count: number): Severity {
      if (key === EDITED) return 'low';
      return count >= kinds[key].many ? 'high' : 'medium';
    }

    return {
      observe(seen) {
        const { actorId, key } = seen;
        if (actorId === undefined || (key !== DELETED && key !== EDITED && key !== TAG_DELETED)) return;
        const burst = kinds[key].bursts.observe(actorId, seen);
        if (burst?.usual === true) leaveOut('usual_amount', seen);
        if (burst?.over !== true) return;
        emit({
          rule: 'destruction_burst',
          severity: severityOf(key, burst.count),
          events: burst.events,
          size: burst.count,
          facts: { actor: actorId, count: burst.told, limit: burst.limit, minutes: spanMs / 60_000, key },
          extras: burst.knowsPast ? [] : ['no_baseline'],
        });
      },
    };
  },
});

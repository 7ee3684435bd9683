// Owns sentences that several rules say.
import type { Text } from '../text/lang.ts';

/** Lists of a finding are cut: what they leave out is never silent. */
export const CUT_LISTS = {
  actor_ids: {
    en: 'actor_ids names {listed} of {all}, those who got in first: the query of the evidence finds the rest.',
    ru: 'actor_ids называет {listed} из {all}, сначала тех, кто вошёл: остальных найдёт запрос evidence.query.',
  },
  ip_addresses: {
    en: 'ip_addresses names {listed} of {all}: the query of the evidence finds the rest.',
    ru: 'ip_addresses называет {listed} из {all}: остальные найдёт запрос evidence.query.',
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The words of a finding are of one thing that its rule found, the worst. */
export const ONE_OF_SEVERAL: Text = {
  en: 'This is the worst of {count} such things in this finding: the query of the evidence shows all.',
  ru: 'Это худшее из того, что есть в находке (всего такого: {count}): остальное покажет запрос evidence.query.',
};

/** Nothing of the kind happened before, or it was not read: a limit could not be raised to what is usual. */
export const NO_BASELINE: Text = {
  en: 'No earlier day to compare with was seen: judged by the fixed limit alone.',
  ru: 'Прежних дней для сравнения не видно: оценено только по твёрдому порогу.',
};

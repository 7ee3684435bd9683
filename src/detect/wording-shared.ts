// Owns sentences that several rules say.
import type { Text } from '../text/lang.ts';

/** Nothing of the kind happened before, or it was not read: a limit could not be raised to what is usual. */
export const NO_BASELINE: Text = {
  en: 'No earlier day to compare with was seen: judged by the fixed limit alone.',
  ru: 'Прежних дней для сравнения не видно: оценено только по твёрдому порогу.',
};

// Owns sentences that several rules say.
import type { Text } from './detector.ts';

/** Where a limit could not be raised to what is usual. */
export const NO_BASELINE: Text = {
  en: 'No earlier days were read: judged by the fixed limit alone.',
  ru: 'Прежние дни не прочитаны: оценено только по твёрдому порогу.',
};

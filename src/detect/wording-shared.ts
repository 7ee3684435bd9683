// Owns sentences that several rules say.
import type { Text } from '../text/lang.ts';

/** Lists of a finding are cut: what they leave out is never silent. */
export const CUT_LIST: Text = {
  en: '{field} names {listed} of {all}: the query of the evidence finds the rest.',
  ru: '{field} называет {listed} из {all}: остальных найдёт запрос evidence.query.',
};

/** Nothing of the kind happened before, or it was not read: a limit could not be raised to what is usual. */
export const NO_BASELINE: Text = {
  en: 'No earlier day to compare with was seen: judged by the fixed limit alone.',
  ru: 'Прежних дней для сравнения не видно: оценено только по твёрдому порогу.',
};

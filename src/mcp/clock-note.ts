// Owns what is said where the clock of this machine is not the API's: whoever compares times with this machine must know.
import type { ToolContext } from './tool.ts';
import { TOLERATED_SKEW_MS } from './moment.ts';
import type { Lang } from '../text/lang.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

interface Words {
  seconds(count: number): string;
  minutes(count: number): string;
  behind(lag: string): string;
  ahead(lag: string): string;
  readonly hint: string;
}

const WORDS: Readonly<Record<Lang, Words>> = {
  en: {
    seconds: (count) => `${count} seconds`,
    minutes: (count) => `${count} minutes`,
    behind: (lag) => `The clock of this machine is ${lag} behind Pachca's, by which "now" is taken.`,
    ahead: (lag) => `The clock of this machine is ${lag} ahead of Pachca's, by which "now" is taken.`,
    hint: 'Set the clock of this machine by the network (NTP).',
  },
  ru: {
    seconds: (count) => `${count} с`,
    minutes: (count) => `${count} мин`,
    behind: (lag) => `Часы этой машины отстают от часов Пачки на ${lag}; now берётся по часам Пачки.`,
    ahead: (lag) => `Часы этой машины спешат относительно часов Пачки на ${lag}; now берётся по часам Пачки.`,
    hint: 'Настройте часы этой машины по сети (NTP).',
  },
};

type ClockContext = Pick<ToolContext, 'apiClock' | 'settings'>;

/** How far the clock here is behind the API's, in words; undefined where it is right or nobody knows. */
function lagOf({ apiClock, settings }: ClockContext) {
  const behindMs = apiClock?.behindMs();
  if (behindMs === undefined || Math.abs(behindMs) < TOLERATED_SKEW_MS) return undefined;
  const size = Math.abs(behindMs);
  const words = WORDS[settings.lang];
  const inSeconds = size < 2 * MINUTE_MS;
  const lag = inSeconds ? words.seconds(Math.round(size / SECOND_MS)) : words.minutes(Math.round(size / MINUTE_MS));
  return { said: behindMs > 0 ? words.behind(lag) : words.ahead(lag) };
}

/** For check_access: what is wrong with the clock. */
export function clockProblem(context: ClockContext) {
  const found = lagOf(context);
  return found && { code: 'not_configured', message: found.said, hint: WORDS[context.settings.lang].hint };
}

/** For answers over a window that ends about now. */
export function clockNote(endMs: number, context: ClockContext & Pick<ToolContext, 'nowMs'>): string | undefined {
  return endMs < context.nowMs - MINUTE_MS ? undefined : lagOf(context)?.said;
}

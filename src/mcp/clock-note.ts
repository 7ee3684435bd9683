// Owns what is said where the clock of this machine is not the API's: windows that end now end at the wrong moment then.
import type { ToolContext } from './tool.ts';

/** Below, it may be the way of the answer. */
const TOLERATED_MS = 30_000;
const MINUTE_MS = 60_000;

/** How far the clock here is behind the API's, in words; undefined where it is right or nobody knows. */
function lagOf({ token }: Pick<ToolContext, 'token'>): { isBehind: boolean; words: string } | undefined {
  const behindMs = token.clockBehindMs?.();
  if (behindMs === undefined || Math.abs(behindMs) < TOLERATED_MS) return undefined;
  const size = Math.abs(behindMs);
  const words = size < 2 * MINUTE_MS ? `${Math.round(size / 1000)} seconds` : `${Math.round(size / MINUTE_MS)} minutes`;
  return { isBehind: behindMs > 0, words };
}

/** For check_access: what is wrong with the clock. */
export function clockProblem(context: Pick<ToolContext, 'token'>) {
  const lag = lagOf(context);
  if (lag === undefined) return undefined;
  const effect = lag.isBehind
    ? 'what "now" leaves out of a window is that much of the newest events'
    : 'windows that end now end in the future';
  return {
    code: 'not_configured',
    message: `The clock of this machine is ${lag.words} ${lag.isBehind ? 'behind' : 'ahead of'} Pachca's: ${effect}.`,
    hint: 'Set the clock of this machine by the network (NTP).',
  };
}

/** For answers over a window that ends about now: the newest events are missing where the clock is behind. */
export function clockNote(endMs: number, context: Pick<ToolContext, 'token' | 'nowMs'>): string | undefined {
  const lag = lagOf(context);
  if (lag === undefined || !lag.isBehind || endMs < context.nowMs - MINUTE_MS) return undefined;
  return `The clock of this machine is ${lag.words} behind Pachca's: the newest ${lag.words} of the log are not in the window.`;
}

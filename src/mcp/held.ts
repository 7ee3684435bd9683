// Owns the question whether what a call wants to read lies at hand, so that reading it costs next to no requests.
import type { AuditQuery } from '../audit/query.ts';
import type { ToolContext } from './tool.ts';

const DAY_MS = 86_400_000;
/** A shorter window is held in memory rather than read twice: its part of today would cost requests twice. */
const LONG_MS = 7 * DAY_MS;

/** Whether the store holds all of `query` that it may hold by now: whole days (UTC), and neither today nor the day before. */
export async function isHeld(query: AuditQuery, { store, nowMs }: ToolContext): Promise<boolean> {
  const lastMs = Math.min(query.window.endMs, (Math.floor(nowMs / DAY_MS) - 1) * DAY_MS);
  const window = {
    startMs: Math.ceil(query.window.startMs / DAY_MS) * DAY_MS,
    endMs: Math.floor(lastMs / DAY_MS) * DAY_MS,
  };
  if (window.endMs <= window.startMs) return false;
  return (await store?.log.missing({ ...query, window }))?.length === 0;
}

/** Whether to read all of `window` and of the days before it, from `sinceMs` on, costs next to nothing, however often. */
export async function isCheapToRepeat(query: AuditQuery, sinceMs: number, context: ToolContext): Promise<boolean> {
  const { startMs, endMs } = query.window;
  if (context.settings.source === 'file') return true;
  return endMs - startMs >= LONG_MS && (await isHeld({ ...query, window: { startMs: sinceMs, endMs } }, context));
}

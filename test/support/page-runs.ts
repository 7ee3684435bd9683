// Owns runs along cursors for tests: pages from a script, and what the run makes of them.
import type { EventPage } from '../../src/audit/client.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { readPages, type RunPage } from '../../src/audit/pages.ts';
import type { TimeWindow } from '../../src/audit/query.ts';
import { eventAt, HOUR_MS, idsOf, NOW_MS } from './api-log.ts';

export const START_MS = NOW_MS - HOUR_MS;
export const WINDOW: TimeWindow = { startMs: START_MS, endMs: NOW_MS };

export interface Page extends Omit<EventPage, 'events'> {
  readonly events: readonly AuditEvent[];
}
export type ReadOnePage = (window: TimeWindow, cursor: string | undefined) => Promise<Page>;

export async function runPages(readPage: ReadOnePage, window = WINDOW, nowMs = NOW_MS + HOUR_MS): Promise<RunPage[]> {
  const timed = async (asked: TimeWindow, cursor: string | undefined) => {
    const { events, ...rest } = await readPage(asked, cursor);
    return { ...rest, events: events.map((event) => ({ timeMs: Date.parse(event.created_at), event })) };
  };
  const pages: RunPage[] = [];
  for await (const page of readPages(timed, window, nowMs)) pages.push(page);
  return pages;
}

export const eventIds = (pages: readonly RunPage[]) =>
  pages.flatMap(({ events }) => idsOf(events.map(({ event }) => event)));
export const secondsAgo = (seconds: number, index: number) => eventAt(NOW_MS - seconds * 1000, index);

/** Pages by cursor; the first without one. */
export function script(pages: Record<string, Page>): ReadOnePage {
  return async (_window, cursor) => pages[cursor ?? 'first'] ?? { events: [] };
}

// Owns what the store has to say about itself: one place where damage, late events and a full disk are kept until they were told.
import type { Text } from '../text/lang.ts';

export const STORE_NOTICES = ['damaged', 'late_events', 'no_space', 'not_kept', 'not_used', 'removed'] as const;
export type StoreNoticeCode = (typeof STORE_NOTICES)[number];

/** `words`: one sentence; see notice-wording.ts. */
export interface StoreNotice {
  readonly code: StoreNoticeCode;
  readonly words: Text;
  readonly day?: string;
}

export interface Notices {
  add(notice: StoreNotice): void;
  /** The latest, oldest first, each once. */
  list(): readonly StoreNotice[];
  /** Begins to listen; what is called then gives what was added since, each once. */
  listen(): () => readonly StoreNotice[];
}

/** Keeps the latest `limit` notices; each new one also goes to `onNotice`. */
export function createNotices(onNotice: (notice: StoreNotice) => void = () => undefined, limit = 100): Notices {
  const kept = new Map<string, StoreNotice>();
  const addedAt = new Map<string, number>();
  let additions = 0;
  return {
    add(notice) {
      const isNew = !kept.delete(notice.words.en);
      kept.set(notice.words.en, notice);
      additions += 1;
      addedAt.set(notice.words.en, additions);
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) {
        kept.delete(oldest);
        addedAt.delete(oldest);
      }
      if (isNew) onNotice(notice);
    },
    list: () => [...kept.values()],
    listen() {
      const from = additions;
      return () => [...kept.values()].filter(({ words }) => (addedAt.get(words.en) ?? 0) > from);
    },
  };
}

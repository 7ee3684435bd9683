// Owns what the store has to say about itself: one place where damage, late events and a full disk become words.

export const STORE_NOTICES = ['damaged', 'late_events', 'no_space', 'not_kept', 'not_used', 'removed'] as const;
export type StoreNoticeCode = (typeof STORE_NOTICES)[number];

/** `message` is one sentence without text from the log: keys stand in it as they do in file names, percent-encoded. */
export interface StoreNotice {
  readonly code: StoreNoticeCode;
  readonly message: string;
  readonly day?: string;
}

export interface Notices {
  add(notice: StoreNotice): void;
  /** The latest, oldest first, each once. */
  list(): readonly StoreNotice[];
}

/** Keeps the latest `limit` notices; each new one also goes to `onNotice`. */
export function createNotices(onNotice: (notice: StoreNotice) => void = () => undefined, limit = 100): Notices {
  const kept = new Map<string, StoreNotice>();
  return {
    add(notice) {
      const isNew = !kept.delete(notice.message);
      kept.set(notice.message, notice);
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
      if (isNew) onNotice(notice);
    },
    list: () => [...kept.values()],
  };
}

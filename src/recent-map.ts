// Owns a map that is bounded in size: what was not used for the longest time makes room.

export interface RecentMap<K, V> {
  get(key: K): V | undefined;
  /** What is too big to be kept at all is not kept, and pushes nothing out. */
  set(key: K, value: V, size: number): void;
}

export function createRecentMap<K, V>(maxSize: number): RecentMap<K, V> {
  // In order of use.
  const kept = new Map<K, { readonly value: V; readonly size: number }>();
  let total = 0;
  const remove = (key: K): void => {
    total -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      kept.delete(key);
      kept.set(key, entry);
      return entry.value;
    },
    set(key, value, size) {
      remove(key);
      if (size > maxSize) return;
      kept.set(key, { value, size });
      total += size;
      for (const oldest of kept.keys()) {
        if (total <= maxSize) break;
        remove(oldest);
      }
    },
  };
}

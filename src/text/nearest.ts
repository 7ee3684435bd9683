// Owns "did you mean": which of the known words come nearest to a wrong one.

/** At most `max` of `words`, nearest first, that differ from `word` by a typing slip, begin with it or hold it. */
export function nearest(word: string, words: readonly string[], max = 3): string[] {
  const wanted = word.toLowerCase();
  if (wanted === '') return [];
  const slips = Math.max(1, Math.floor(wanted.length / 3));
  return words
    .map((known) => ({ known, distance: distanceTo(wanted, known.toLowerCase()) }))
    .filter(({ distance }) => distance <= slips)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, max)
    .map(({ known }) => known);
}

/** Edits between two words; a part of a word counts as one slip. */
function distanceTo(wanted: string, known: string): number {
  if (wanted === known) return 0;
  if (wanted.length > 2 && known.includes(wanted)) return 1;
  if (Math.abs(wanted.length - known.length) > wanted.length / 3 + 1) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: known.length + 1 }, (_, index) => index);
  for (let i = 1; i <= wanted.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= known.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (wanted[i - 1] === known[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[known.length] ?? Number.POSITIVE_INFINITY;
}

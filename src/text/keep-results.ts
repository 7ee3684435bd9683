// Owns a bounded memory of what texts were read as: the same clients, addresses and names come again and again.

/** Longer texts are rare, and would only fill the memory. */
const LONGEST = 512;

/** As `read`, which must always say the same of the same text; what it said of the last texts, at most `most`, is kept. */
export function keepResults<T>(most: number, read: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = read(text);
    if (text.length > LONGEST) return result;
    if (results.size >= most) results.clear();
    results.set(text, result);
    return result;
  };
}

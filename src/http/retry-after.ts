// Owns the reading of a Retry-After header.

// Whoever asks for more has had enough of us; how much more says nothing.
const LONGEST_MS = 24 * 3_600_000;

/**
 * Milliseconds that `header` (seconds, or an HTTP date) asks to wait, at most a day; undefined where it says nothing usable. A date is
 * compared with `date`, the server's own clock, where the answer has one: ours may be wrong.
 */
export function retryAfterMs(header: string | undefined, date: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/u.test(text)) return sane(Number(text) * 1000);
  // HTTP dates begin with the name of a day; Date.parse() would also take "-5" or "2".
  if (!/^[A-Z][a-z]{2,8},? /u.test(text)) return undefined;
  const untilMs = Date.parse(text);
  const sentMs = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(untilMs) ? undefined : sane(untilMs - (Number.isNaN(sentMs) ? nowMs : sentMs));
}

function sane(ms: number): number {
  return Math.min(LONGEST_MS, Math.max(0, ms));
}

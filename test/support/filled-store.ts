// Owns a store on disk with some days of a company in it, and the lines of docs/store.md that read it with other programs.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/audit/event.ts';
import { createMemoryLog } from '../../src/audit/memory-log.ts';
import { buildCompany } from '../../src/simulator/dataset.ts';
import { createStoredLog } from '../../src/store/stored-log.ts';
import { DAY_MS } from '../../src/store/utc-days.ts';
import { ROOT } from './built.ts';
import { createSetClock, readAllSlices, SCOPE } from './store.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOW_MS = Date.parse('2026-03-20T00:00:00Z');

/** Eight whole days, every key, one key without an event among them. */
export async function filledStore(): Promise<{ dir: string; events: readonly AuditEvent[] }> {
  const dir = await temporaryFolder();
  const company = buildCompany({ seed: 5, now: NOW_MS, people: 60, days: 12, incidents: 'all' });
  const window = { startMs: NOW_MS - 10 * DAY_MS, endMs: NOW_MS - 2 * DAY_MS };
  const all = company.events.map((event): AuditEvent => ({ ...event }));
  const clock = createSetClock(new Date(NOW_MS).toISOString());
  const inner = createMemoryLog(all, { clock });
  const log = createStoredLog({ inner, dir, scope: () => Promise.resolve(SCOPE), clock, isOwnRead: () => false });
  const query = { window, order: 'oldest_first', timeZone: 'UTC', ownReads: 'keep' } as const;
  await readAllSlices({ readSlices: log.readAnew }, query);
  await readAllSlices({ readSlices: log.readAnew }, { ...query, eventKeys: ['key_without_events'] });
  const events = all.filter(({ created_at: at }) => Date.parse(at) >= window.startMs && Date.parse(at) < window.endMs);
  return { dir, events };
}

/** The line of docs/store.md behind the marker `name`, with the folder of the test in it. */
export async function lineOf(name: string, dir: string): Promise<string> {
  const text = await readFile(join(ROOT, 'docs', 'store.md'), 'utf8');
  const line = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w*\\n(.+)\\n\`\`\``, 'u').exec(text)?.[1];
  if (line === undefined) throw new Error(`docs/store.md has no line ${name}`);
  return line.replaceAll('~/.local/share/pachca-audit-mcp/store', dir);
}

// Owns a process of ours on a store, for tests that kill it: `fill` prints a line for every day that is kept, `read` one digest a pass.
import { createHash } from 'node:crypto';
import { createParts } from '../../src/parts.ts';
import { fillStore } from '../../src/store/fill.ts';
import { systemClock } from '../../src/system-clock.ts';

const [mode = '', baseUrl = '', token = '', dir = '', start = '', end = '', passes = '1'] = process.argv.slice(2);
const window = { startMs: Number(start), endMs: Number(end) };
const parts = createParts({
  source: { kind: 'api', baseUrl, token: () => token },
  settings: { timeZone: 'UTC', lang: 'en', maxRequests: 1000 },
  rate: 100_000,
  exportDir: dir,
  version: '0.0.0-test',
  installationId: 'test',
  clock: systemClock,
  toolNames: [],
  store: { dir, onNotice: ({ code, words }) => void (code === 'not_used' && process.stderr.write(`${words.en}\n`)) },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function fill(): Promise<void> {
  const log = parts.store?.log;
  if (log === undefined) throw new Error('no store');
  const { stoppedBy } = await fillStore({ log, window, onProgress: ({ day }) => say(day) });
  say(stoppedBy);
}

async function read(): Promise<void> {
  for (let pass = 0; pass < Number(passes); pass += 1) {
    const hash = createHash('sha256');
    const query = { window, order: 'oldest_first', timeZone: 'UTC', ownReads: 'keep' } as const;
    const { batches, coverage } = parts.log.read(query);
    for await (const batch of batches) for (const event of batch) hash.update(`${JSON.stringify(event)}\n`);
    const { complete, requests } = coverage();
    say(`${complete} ${hash.digest('hex')} ${requests === 0 ? 'stored' : 'asked'}`);
  }
}

await (mode === 'fill' ? fill() : read());
await parts.close();

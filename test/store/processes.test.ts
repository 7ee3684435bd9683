// Checks the store with real processes on one folder that are killed at any moment: every answer is what the API would have given.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { compareEvents } from '../../src/audit/event.ts';
import { plainEvents } from '../../src/simulator/plain-events.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { DAY_MS } from '../../src/store/utc-days.ts';
import { bundleProgram, startProgram, type ChildProgram } from '../support/child-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const WINDOW = { startMs: TODAY_MS - 7 * DAY_MS, endMs: TODAY_MS - 2 * DAY_MS };
const EVENTS = [...plainEvents({ ...WINDOW, count: 1500 })].map((event) => ({ ...event }));
const TRUTH = createHash('sha256')
  .update(
    EVENTS.toSorted(compareEvents)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  )
  .digest('hex');

/** Flips a bit of one file in three. */
async function damage(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.gz'));
  for (const [index, file] of files.entries()) {
    if (index % 3 > 0) continue;
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
    await writeFile(path, bytes);
  }
}

test('two processes fill, two read, some are killed and files are damaged: every answer is whole, and the next fill ends it', async () => {
  const program = await bundleProgram(
    join(import.meta.dirname, '..', 'support', 'store-program.ts'),
    await temporaryFolder(),
  );
  const simulator = await startSimulator({ events: EVENTS, rateLimit: null, logsOwnReads: false });
  onTestFinished(() => simulator.close());
  const { url, token } = simulator;
  const start = (mode: string, dir: string, passes = 1): ChildProgram =>
    startProgram(program, [mode, url, token, dir, String(WINDOW.startMs), String(WINDOW.endMs), String(passes)]);
  const linesOf = async (child: ChildProgram): Promise<string[]> => {
    const { output, errors } = await child.ended();
    expect(errors).toBe('');
    return output.split('\n').filter((line) => line !== '');
  };

  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 3 }), fc.nat({ max: 60 }), fc.boolean(), async (days, turns, isDamaged) => {
      const dir = await temporaryFolder();
      const [first, second, reader] = [start('fill', dir), start('fill', dir), start('read', dir, 3)];
      for (let day = 0; day < days; day += 1) await first.nextLine();
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      first.process.kill('SIGKILL');
      if (isDamaged) await damage(dir);
      // A day that is damaged between its writing and the look at it was not kept, and is said not to be.
      expect(isDamaged ? ['end', 'not_kept'] : ['end']).toContain((await linesOf(second)).at(-1));
      for (const line of await linesOf(reader)) expect(line).toContain(`true ${TRUTH}`);

      expect((await linesOf(start('fill', dir))).at(-1)).toBe('end');
      expect(await linesOf(start('read', dir))).toEqual([`true ${TRUTH} stored`]);
    }),
    { numRuns: Number(process.env['STORE_PROCESS_RUNS'] ?? 4) },
  );
}, 300_000);

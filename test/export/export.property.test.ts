// An export over an API that fails in every way at once, in processes that are killed at any moment: the file is whole in the end.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { verifyExport } from '../../src/export/verify.ts';
import { idsOf, openApiLog } from '../support/api-log.ts';
import { bundleProgram, startProgram } from '../support/child-program.ts';
import { drawnQuery, eventsOf, failingApi, fairRequests, optionsOf, wantedOf } from '../support/failing-api.ts';

let folder = '';
let program = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pachca-audit-property-'));
  program = await bundleProgram(join(import.meta.dirname, 'support', 'api-export-child.ts'), folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** When a process is killed: with a request that it sends, or in the middle of something that it writes. */
const kill = fc.oneof(
  fc.record({ atRequest: fc.integer({ min: 1, max: 60 }), atWrite: fc.constant(0) }),
  fc.record({ atRequest: fc.constant(0), atWrite: fc.integer({ min: 1, max: 12 }) }),
);

const endSchema = z.object({ status: z.string(), resumed: z.boolean(), manifestPath: z.string() });

test(
  'killed at random moments and started again: every event once, in order, and bounded requests',
  { timeout: 240_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(failingApi, fc.array(kill, { minLength: 1, maxLength: 3 }), async (drawn, kills) => {
        const events = eventsOf(drawn);
        const query = drawnQuery(drawn);
        const wanted = wantedOf(query, events);
        const exportDir = await mkdtemp(join(folder, 'exports-'));
        let onRequest = (): void => undefined;
        const api = await openApiLog({ ...optionsOf(drawn, events), onRequest: () => onRequest() });
        const run = async ({ atRequest, atWrite }: { atRequest: number; atWrite: number }) => {
          const { url, token } = api.simulator;
          const { window, eventKeys } = query;
          const options = { url, token, exportDir, window, eventKeys, dieAtWrite: atWrite };
          const child = startProgram(program, [JSON.stringify(options)]);
          let left = atRequest;
          onRequest = () => {
            left -= 1;
            if (left === 0) child.process.kill('SIGKILL');
          };
          const { output, errors, signal } = await child.ended();
          expect(errors).toBe('');
          // A manifest is there when all is whole, and not before.
          const manifests = (await readdir(exportDir)).filter((name) => name.endsWith('.manifest.json'));
          expect(manifests).toHaveLength(signal === 'SIGKILL' ? 0 : 1);
          return signal === 'SIGKILL' ? undefined : endSchema.parse(JSON.parse(output));
        };
        try {
          let end: z.output<typeof endSchema> | undefined;
          for (const moment of [...kills, { atRequest: 0, atWrite: 0 }]) end ??= await run(moment);
          expect(end?.status).toBe('done');
          const verification = await verifyExport(end?.manifestPath ?? '');
          expect(verification).toMatchObject({ ok: true, problems: [] });
          const lines = (await readFile(verification.filePath, 'utf8')).split('\n').slice(0, -1);
          const ids = lines.map((line) => z.object({ id: z.string() }).parse(JSON.parse(line)).id);
          const got = new Set(ids);
          expect(got.size).toBe(ids.length);
          expect(idsOf(wanted).filter((id) => !got.has(id))).toEqual([]);
          const logged = new Set(idsOf(wantedOf(query, api.simulator.events())));
          expect(ids.filter((id) => !logged.has(id))).toEqual([]);
          // A killed process leaves unread what was on its way, which is less than the whole.
          expect(api.requests()).toBeLessThan(fairRequests(wanted.length, drawn) * 2);
          expect((await readdir(exportDir)).filter((name) => name.startsWith('.'))).toEqual([]);
        } finally {
          await api.close();
        }
      }),
      { numRuns: 12 },
    );
  },
);

// Checks how exports work together with the local store in front of the API, and that the end of the program puts them away.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from './support/temporary-folder.ts';
import { CLOSED, NOW_MS, openWorld } from './support/ten-days.ts';
import type { World } from './support/world.ts';

describe('an export', () => {
  // The clock of this file stands still, so that the deadline of a call would be there at once.
  const exported = (world: World, question: Record<string, unknown>) =>
    world.call('export_audit_window', question, { deadlineAt: Number.POSITIVE_INFINITY });
  const manifestOf = async (answer: Record<string, unknown>): Promise<Record<string, unknown>> =>
    z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(String(answer['manifest_path']), 'utf8')));
  const fileOf = (answer: Record<string, unknown>): Promise<Buffer> =>
    readFile(z.object({ path: z.string() }).parse(answer['file']).path);

  test('of closed days asks for nothing, and is byte for byte what the API gives', async () => {
    const dir = await temporaryFolder();
    const plain = await openWorld();
    const ofApi = await exported(plain, { ...CLOSED, event_group: undefined });
    expect(await manifestOf(ofApi)).toMatchObject({ events: 1800, sources: { api: 1800 } });
    const world = await openWorld({ store: { dir } });
    await world.call('aggregate_audit_events', { ...CLOSED, event_group: undefined, group_by: ['day'] });
    const before = world.simulator.requests.total;
    const ofStore = await exported(world, { ...CLOSED, event_group: undefined });
    expect(world.simulator.requests.total).toBe(before);
    expect(await manifestOf(ofStore)).toMatchObject({ events: 1800, requests: 0, sources: { store: 1800 } });
    expect((await fileOf(ofStore)).equals(await fileOf(ofApi))).toBe(true);
  });

  test('of a window that is held in part says how much came from where', async () => {
    const dir = await temporaryFolder();
    const world = await openWorld({ store: { dir } });
    await world.call('aggregate_audit_events', { ...CLOSED, end_time: '2026-03-14', group_by: ['day'] });
    const answer = await exported(world, CLOSED);
    expect(await manifestOf(answer)).toMatchObject({ events: 1800, sources: { api: 900, store: 900 } });
    const plain = await openWorld();
    expect((await fileOf(answer)).equals(await fileOf(await exported(plain, CLOSED)))).toBe(true);
  });
});

describe('the end', () => {
  test('puts an export in the background away before it is over: nothing holds its lock any more', async () => {
    // Each answer takes its time: the export must be under way when the end comes, on the fastest machine too.
    const world = await openWorld({ simulator: { latencyMs: 3000 } });
    const question = { start_time: '2026-03-12', end_time: '2026-03-17' };
    const running = await world.call('export_audit_window', question, { deadlineAt: NOW_MS + 300 });
    expect(running).toMatchObject({ status: 'running' });
    const files = async () =>
      (await readdir(world.exportDir, { recursive: true })).filter((path) => /lock/u.test(path));
    await expect.poll(files, { timeout: 30_000 }).not.toEqual([]);
    await world.parts.close();
    expect(await files()).toEqual([]);
  });
});

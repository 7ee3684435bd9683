// Tests of exports that outlive the call that began them.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Exporter, ExportOptions, ExportResult } from '../../src/export/exporter.ts';
import { createExportJobs } from '../../src/export/jobs.ts';
import type { ExportProgress } from '../../src/export/progress.ts';
import type { ExportRequest } from '../../src/export/request.ts';
import { systemClock } from '../../src/system-clock.ts';
import { createInstantClock } from '../support/instant-clock.ts';
import { sampleEvents, sampleQuery, sampleWindow } from '../support/sample-events.ts';
import { done, exportFixture } from './support/fixture.ts';
import { createScriptedLog } from './support/scripted-log.ts';

const query = sampleQuery(sampleWindow(300));
const request: ExportRequest = { query, format: 'ndjson', compression: 'none', overwrite: false };

/** An exporter over 300 events in three slices that waits before each slice until the test lets it go on. */
async function heldJobs(clock = createInstantClock()) {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const log = createScriptedLog({
    events: sampleEvents(300),
    sliceSeconds: 100,
    async beforeSlice(index) {
      if (index !== 1) return;
      begun();
      await released;
    },
  });
  const { exporter } = await exportFixture(log, { clock });
  const runs: ExportOptions[] = [];
  const counted: Exporter = {
    ...exporter,
    start(what, options = {}) {
      runs.push(options);
      return exporter.start(what, options);
    },
  };
  return { jobs: createExportJobs(counted, clock), clock, runs, started, release: () => release() };
}

const now = (clock: { now(): number }, afterMs: number) => ({ deadlineAt: clock.now() + afterMs });

test('an export that ends before the deadline is answered at once', async () => {
  const { jobs, release } = await heldJobs();
  release();
  expect(await jobs.run(request)).toMatchObject({ status: 'done', manifest: { events: 300 } });
});

test('at the deadline it goes on in the background, and the same call waits on', async () => {
  const { jobs, clock, runs, started, release } = await heldJobs();
  const first = jobs.run(request);
  await started;
  expect(await jobs.run(request, now(clock, 45_000))).toMatchObject({
    status: 'running',
    progress: { coveredMs: 1, totalMs: 4 },
  });
  release();
  expect(await first).toMatchObject({ status: 'done', manifest: { events: 300 } });
  expect(runs).toHaveLength(1);
});

test('what ended in the background is given to the next same call, once', async () => {
  const { jobs, clock, runs, started, release } = await heldJobs();
  const running = jobs.run(request, now(clock, 0));
  await started;
  expect(await running).toMatchObject({ status: 'running' });
  release();
  expect(await jobs.run(request)).toMatchObject({ status: 'done', manifest: { events: 300 } });
  await expect(jobs.run(request)).rejects.toMatchObject({ code: 'file_exists' });
  expect(runs).toHaveLength(2);
});

test('a failure in the background is given to the next same call, and then it starts anew', async () => {
  const clock = createInstantClock();
  let fail = (_error: Error): void => undefined;
  let starts = 0;
  const exporter: Exporter = {
    keyOf: () => 'key',
    fileNameOf: () => 'name',
    start() {
      starts += 1;
      return new Promise((_resolve, reject) => {
        fail = reject;
      });
    },
  };
  const jobs = createExportJobs(exporter, clock);
  expect(await jobs.run(request, now(clock, 0))).toEqual({ status: 'running' });
  fail(new Error('broken'));
  await expect(jobs.run(request)).rejects.toThrow('broken');
  expect(await jobs.run(request, now(clock, 0))).toEqual({ status: 'running' });
  expect(starts).toBe(2);
});

test('another request is another export', async () => {
  const { jobs, runs, release } = await heldJobs();
  release();
  const results = await Promise.all([jobs.run(request), jobs.run({ ...request, format: 'csv' })]);
  expect(results.map(({ status }) => status)).toEqual(['done', 'done']);
  expect(runs).toHaveLength(2);
});

test('everyone who waits hears of the progress', async () => {
  const { jobs, started, release } = await heldJobs();
  const heard: ExportProgress[][] = [[], []];
  const first = jobs.run(request, { onProgress: (progress) => heard[0]?.push(progress) });
  await started;
  const second = jobs.run(request, { onProgress: (progress) => heard[1]?.push(progress) });
  release();
  await Promise.all([first, second]);
  expect(heard.map((reports) => reports.map(({ coveredMs }) => coveredMs))).toEqual([
    [1, 2, 3, 4],
    [2, 3, 4],
  ]);
});

test('a call that is over hears of no more progress', async () => {
  const { jobs, clock, started, release, runs } = await heldJobs();
  const heard: unknown[] = [];
  await jobs.run(request, { ...now(clock, 0), onProgress: (progress) => void heard.push(progress) });
  await started;
  const before = heard.length;
  runs[0]?.onProgress?.({ fraction: 0.5, coveredMs: 1, totalMs: 2, events: 3 });
  release();
  await jobs.run(request);
  expect(heard).toHaveLength(before);
});

describe('cancelling', () => {
  test('the only call cancels the export, which keeps what it has; the same call goes on from there', async () => {
    const { jobs, started, release, runs } = await heldJobs();
    const cancel = new AbortController();
    const call = jobs.run(request, { signal: cancel.signal });
    await started;
    cancel.abort(new Error('enough'));
    release();
    await expect(call).rejects.toThrow('enough');
    expect(runs[0]?.signal?.aborted).toBe(true);
    expect(await jobs.run(request)).toMatchObject({ status: 'done', resumed: true, manifest: { events: 300 } });
  });

  test('whoever asks again while it is put away gets the export, and not the cancellation', async () => {
    const { jobs, started, release, runs } = await heldJobs();
    const cancel = new AbortController();
    const call = jobs.run(request, { signal: cancel.signal });
    await started;
    cancel.abort(new Error('enough'));
    await setImmediate();
    const again = Promise.all([jobs.run(request), jobs.run(request)]);
    release();
    await expect(call).rejects.toThrow('enough');
    expect(await again).toMatchObject([{ status: 'done', manifest: { events: 300 } }, { status: 'done' }]);
    expect(runs).toHaveLength(2);
  });

  test('one of two calls leaves the export to the other', async () => {
    const { jobs, started, release, runs } = await heldJobs();
    const cancel = new AbortController();
    const cancelled = jobs.run(request, { signal: cancel.signal });
    const stays = jobs.run(request);
    await started;
    cancel.abort(new Error('enough'));
    await expect(cancelled).rejects.toThrow('enough');
    release();
    expect(await stays).toMatchObject({ status: 'done' });
    expect(runs).toHaveLength(1);
  });

  test('a call that is cancelled before it begins ends its export too', async () => {
    const { jobs, release, runs } = await heldJobs();
    release();
    await expect(jobs.run(request, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
    expect(runs[0]?.signal?.aborted).toBe(true);
    expect(await jobs.run(request)).toMatchObject({ status: 'done', manifest: { events: 300 } });
  });

  test('two calls that are cancelled one after the other cancel the export', async () => {
    const { jobs, started, release, runs } = await heldJobs();
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) => jobs.run(request, { signal }));
    await started;
    first.abort(new Error('enough'));
    await expect(calls[0]).rejects.toThrow('enough');
    expect(runs[0]?.signal?.aborted).toBe(false);
    second.abort(new Error('enough too'));
    release();
    await expect(calls[1]).rejects.toThrow('enough too');
    expect(runs[0]?.signal?.aborted).toBe(true);
  });

  test('a call that waits on an export in the background does not cancel it', async () => {
    const { jobs, clock, started, release, runs } = await heldJobs();
    expect(await jobs.run(request, now(clock, 0))).toMatchObject({ status: 'running' });
    await started;
    const cancel = new AbortController();
    const call = jobs.run(request, { signal: cancel.signal });
    cancel.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(runs[0]?.signal?.aborted).toBe(false);
    release();
    expect(await jobs.run(request)).toMatchObject({ status: 'done' });
  });

  test('closing ends what runs in good order', async () => {
    const { jobs, clock, started, release, runs } = await heldJobs();
    expect(await jobs.run(request, now(clock, 0))).toMatchObject({ status: 'running' });
    await started;
    const closed = jobs.close();
    release();
    await closed;
    expect(runs[0]?.signal?.aborted).toBe(true);
    const resumed: ExportResult | { status: 'running' } = await jobs.run(request);
    expect(resumed).toMatchObject({ status: 'done', resumed: true });
  });
});

test('a deadline on the real clock comes too', async () => {
  const { jobs, started, release } = await heldJobs();
  const real = createExportJobs(
    { keyOf: () => 'k', fileNameOf: () => 'n', start: () => new Promise<never>(() => undefined) },
    systemClock,
  );
  expect(await real.run(request, now(systemClock, 5))).toEqual({ status: 'running' });
  const call = jobs.run(request);
  await started;
  release();
  const result = await call;
  expect(result.status === 'running' ? undefined : done(result).manifest.events).toBe(300);
});

test('nothing sleeps on for a deadline that an export was faster than', async () => {
  const sleeps: (AbortSignal | undefined)[] = [];
  const sleep = (_ms: number, signal?: AbortSignal) => {
    sleeps.push(signal);
    return new Promise<void>(() => undefined);
  };
  const { jobs, clock, release } = await heldJobs({ ...createInstantClock(), sleep });
  release();
  expect(await jobs.run(request, now(clock, 60_000))).toMatchObject({ status: 'done' });
  expect(sleeps.map((signal) => signal?.aborted)).toEqual([true]);
});

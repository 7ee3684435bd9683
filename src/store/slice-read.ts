// Owns reading the stored log in slices: what is held here first, the rest from the log behind it.
import { intersectWindows, subtractWindows } from '../audit/intervals.ts';
import type { Slice, SliceOptions, SliceRead } from '../audit/audit-log.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { createAccount } from './account.ts';
import { stopIfOver, type Loaded, type StoreContext } from './context.ts';
import type { Lane } from './drafts.ts';
import { mergeStreams, streamBlocks } from './ordered-streams.ts';
import { planSteps, type Held, type Step } from './plan.ts';
import { createSift } from './sift.ts';
import { createCutter } from './slice-cutter.ts';
import { askForSlices, reportSlices, type SlicedRead } from './slice-question.ts';

export function readInSlices(context: StoreContext, query: AuditQuery, options: SliceOptions): SliceRead {
  const account = createAccount(query.window, context.listen());
  const lanes: readonly Lane[] = query.eventKeys === undefined ? [undefined] : [...new Set(query.eventKeys)];
  const open = new Map(lanes.map((lane) => [lane, subtractWindows([query.window], hadOf(lane, options))]));
  account.addOpen(() => [...open.values()].flat());
  const read: SlicedRead = { context, query, options, account, open, delivered: 0, slices: 0, reportedMs: 0 };
  return { slices: runAll(read), coverage: () => account.coverage() };
}

function hadOf(lane: Lane, { have = [] }: SliceOptions): TimeWindow[] {
  return have.filter(({ eventKey }) => eventKey === undefined || eventKey === lane).map(({ window }) => window);
}

async function* runAll(read: SlicedRead): AsyncGenerator<Slice> {
  const { context, query, options, account } = read;
  try {
    const steps = planSteps(query.window, query.eventKeys, await context.holdings(query));
    for (const lane of read.open.keys()) {
      for await (const slice of serveLane(read, lane, steps)) {
        read.open.set(lane, subtractWindows(read.open.get(lane) ?? [], [slice.window]));
        read.delivered += slice.events.length;
        read.slices += 1;
        account.countStored(slice.events.length);
        read.reportedMs = reportSlices(read, 0);
        yield slice;
        if (read.delivered > (options.maxEvents ?? Number.POSITIVE_INFINITY)) account.stop('limit');
        if (account.stopped() !== undefined) return;
      }
      if (account.stopped() !== undefined) return;
    }
    // What turned out to be damaged or gone is still open, and is asked for with the rest.
    yield* askForSlices(read);
  } finally {
    await context.afterRead();
  }
}

/** What is held of `lane`, oldest first. */
async function* serveLane(read: SlicedRead, lane: Lane, steps: readonly Step[]): AsyncGenerator<Slice> {
  const { context, query, options, account } = read;
  const sift = createSift(query, context.isOwnRead, (count) => account.countScanned(count));
  const cutter = createCutter(lane);
  for (const { step, window } of heldParts(lane, steps, read.open.get(lane) ?? [])) {
    const loaded = await loadAll(context, heldOf(lane, step));
    if (loaded === undefined) continue;
    yield* cutter.enter(window);
    const streams = loaded.map((ofKey) => streamBlocks(ofKey, window, 'oldest_first'));
    for await (const batch of mergeStreams(streams, 'oldest_first', () => false)) {
      stopIfOver(options, context.clock, account);
      if (account.stopped() !== undefined) return;
      yield* cutter.add(sift(batch));
    }
    cutter.leave(window);
  }
  yield* cutter.end();
}

/** The parts of `open` that lie in steps where the lane is held. A question about all keys needs all of them there. */
function heldParts(
  lane: Lane,
  steps: readonly Step[],
  open: readonly TimeWindow[],
): { step: Step; window: TimeWindow }[] {
  const isHeld = ({ missing }: Step): boolean =>
    missing === 'nothing' || (lane !== undefined && missing !== 'everything' && !missing.includes(lane));
  return steps
    .filter(isHeld)
    .flatMap((step) => intersectWindows([step.window], open).map((window) => ({ step, window })));
}

function heldOf(lane: Lane, { held }: Step): readonly Held[] {
  return lane === undefined ? held : held.filter(({ eventKey }) => eventKey === lane);
}

async function loadAll(context: StoreContext, held: readonly Held[]): Promise<Loaded[] | undefined> {
  const loaded = await Promise.all(held.map((place) => context.load(place)));
  const found = loaded.flatMap((one) => one ?? []);
  return found.length === loaded.length ? found : undefined;
}

// Owns an ordered read of the stored log: runs of held and of missing stretches one after the other, each event once.
import { intersectWindows, passedBy, subtractWindows, totalMs } from '../audit/intervals.ts';
import type { AuditRead, ReadOptions } from '../audit/audit-log.ts';
import { eventTimeMs, type AuditEvent } from '../audit/event.ts';
import type { AuditQuery, TimeWindow } from '../audit/query.ts';
import { createAccount } from './account.ts';
import { stopIfOver, type Loaded, type StoreContext } from './context.ts';
import { askInOrder, reportProgress, type OrderedRead } from './ordered-question.ts';
import { mergeStreams, streamBlocks, type Batches } from './ordered-streams.ts';
import { groupRuns, planSteps, type Missing, type Run, type Step } from './plan.ts';
import { createSift, type Sift } from './sift.ts';

const SECOND_MS = 1000;

export function readInOrder(context: StoreContext, query: AuditQuery, options: ReadOptions): AuditRead {
  const account = createAccount(query.window, context.listen());
  const left = options.maxEvents ?? Number.POSITIVE_INFINITY;
  const read: OrderedRead = {
    context,
    query,
    options,
    account,
    left,
    delivered: 0,
    fromLog: undefined,
    passed: [],
    reportedMs: 0,
  };
  account.addOpen(() => subtractWindows([query.window], read.passed));
  return { batches: runAll(read), coverage: () => account.coverage() };
}

async function* runAll(read: OrderedRead): AsyncGenerator<readonly AuditEvent[]> {
  const { context, query, account } = read;
  try {
    const steps = planSteps(query.window, query.eventKeys, await context.holdings(query));
    const isForward = query.order === 'oldest_first';
    const runs = groupRuns(steps);
    for (const run of isForward ? runs : runs.toReversed()) {
      yield* runOne(read, isForward ? run : { ...run, steps: run.steps.toReversed() });
      if (account.stopped() !== undefined) return;
      read.passed = [...read.passed, run.window];
      reportProgress(read, 0);
    }
  } finally {
    await context.afterRead();
  }
}

async function* runOne(read: OrderedRead, run: Run): AsyncGenerator<readonly AuditEvent[]> {
  const { context, query, account, options } = read;
  const sift = createSift(query, context.isOwnRead, (count) => account.countScanned(count));
  const holdsNothing = run.steps.every((step) => step.held.length === 0);
  const streams = [
    ...(holdsNothing ? [] : [streamSteps(read, run.steps, sift)]),
    ...(run.missing === 'nothing' ? [] : [askInOrder(read, run.window, keysOf(run.missing))]),
  ];
  let last: AuditEvent | undefined;
  let isLeft = false;
  const handedOut = (): TimeWindow[] =>
    last === undefined ? [] : intersectWindows([run.window], [passedBy(query, eventTimeMs(last), SECOND_MS)]);
  let isOver = false;
  try {
    for await (const batch of mergeStreams(streams, query.order, () => account.stopped() !== undefined)) {
      stopIfOver(options, context.clock, account);
      isLeft = account.stopped() !== undefined;
      if (isLeft) break;
      const wanted = batch.slice(0, read.left);
      if (wanted.length > 0) {
        last = wanted.at(-1);
        read.left -= wanted.length;
        read.delivered += wanted.length;
        const { fromLog } = read;
        account.countStored(fromLog ? wanted.filter((event) => !fromLog.has(event)).length : wanted.length);
        yield wanted;
      }
      if (wanted.length < batch.length) {
        account.stop('limit');
        isLeft = true;
        break;
      }
      if (last !== undefined) reportProgress(read, totalMs(handedOut()));
    }
    isOver = account.stopped() === undefined;
  } finally {
    // Where only the log was asked and it broke off, it knows how far it came; else only what was handed out is behind us.
    const reason = account.stopped();
    const isLogs = holdsNothing && !isLeft && reason !== undefined && reason !== 'limit';
    if (!isOver) read.passed = [...read.passed, ...(isLogs ? [run.window] : handedOut())];
  }
}

/** What has to be asked for, as keys of a query. */
function keysOf(missing: Missing): readonly string[] | undefined {
  return typeof missing === 'string' ? undefined : missing;
}

/** Events of the store, step by step; a step that turns out to lack a key asks the log for it. */
async function* streamSteps(
  read: OrderedRead,
  steps: readonly Step[],
  sift: Sift,
): AsyncGenerator<readonly AuditEvent[]> {
  const { context, query, account } = read;
  // Loading reads and checks files while the step before is being handed out.
  let next = loadStep(context, steps[0]);
  for (const [index, step] of steps.entries()) {
    const { loaded, gone } = await next;
    next = loadStep(context, steps[index + 1]);
    const stored = loaded.map((ofKey) => sifted(streamBlocks(ofKey, step.window, query.order), sift));
    const streams: Batches[] = gone.length === 0 ? stored : [...stored, askInOrder(read, step.window, gone)];
    yield* mergeStreams(streams, query.order, () => account.stopped() !== undefined);
    if (account.stopped() !== undefined) return;
  }
}

async function* sifted(batches: Batches, sift: Sift): AsyncGenerator<readonly AuditEvent[]> {
  for await (const batch of batches) yield sift(batch);
}

async function loadStep(context: StoreContext, step: Step | undefined): Promise<{ loaded: Loaded[]; gone: string[] }> {
  const tried = await Promise.all(
    (step?.held ?? []).map(async (held) => ({ eventKey: held.eventKey, found: await context.load(held) })),
  );
  return {
    loaded: tried.flatMap(({ found }) => found ?? []),
    gone: tried.flatMap(({ eventKey, found }) => (found === undefined ? [eventKey] : [])),
  };
}

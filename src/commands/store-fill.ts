// Owns the command `store fill`: the nightly job that reads the closed days of a window that are not kept yet.
import { z } from 'zod';
import { eventKeySchema } from '../audit/event-keys.ts';
import type { People } from '../audit/people.ts';
import { RETENTION_DAYS } from '../audit/readable.ts';
import { resolveWindow } from '../audit/time-input.ts';
import { systemTimeZone } from '../audit/zone.ts';
import { toAuditError, type ErrorCode } from '../errors.ts';
import { withFlatMemory } from '../flat-memory.ts';
import { parseInput } from '../mcp/input.ts';
import { momentOf } from '../mcp/moment.ts';
import { fillStore, type FillOptions, type FillResult } from '../store/fill.ts';
import { joinDays } from '../store/utc-days.ts';
import type { Command, CommandRun } from './command.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { inStore, requireStore } from './store-required.ts';
import { rangesText, WORDS } from './words.ts';

const inputSchema = z.strictObject({
  start_time: z.string().optional(),
  end_time: z.string().optional(),
  event_keys: z.array(eventKeySchema).min(1).optional(),
});

export const storeFillCommand: Command = async (run) => {
  const store = await requireStore(run);
  const { config, terminal, signal } = run;
  const parts = await run.openParts();
  const input = parseInput(inputSchema, config.command.input);
  // Asked first, so that a token that will not do is said as such.
  await parts.token.read({ signal });
  // The oldest day is being forgotten while it is read.
  const reachDays = Math.min(config.storeDays, RETENTION_DAYS - 1);
  const { window } = resolveWindow({
    start_time: input.start_time ?? `now-${reachDays}d`,
    end_time: input.end_time,
    nowMs: await momentOf(parts),
    defaultTimeZone: config.timeZone ?? systemTimeZone(),
  });
  const bar = terminal.progressBar();
  let result: FillResult;
  try {
    const options: FillOptions = {
      log: store.log,
      window,
      ...(input.event_keys === undefined ? {} : { eventKeys: [...new Set(input.event_keys)] }),
      signal,
      onProgress: ({ day, daysDone, daysTotal, events }) =>
        bar.update(daysDone / daysTotal, `${day}, ${events} events`),
    };
    result = await inStore(store, () => withFlatMemory(() => fillStore(options)));
  } finally {
    bar.stop();
  }
  const mayGoOn = result.failure === undefined && !signal.aborted;
  report(run, result, mayGoOn ? await keepNames(parts.people, signal) : {});
  return exitCode(run, result);
};

/** How many names of people are kept, or why they are not. */
interface Names {
  readonly count?: number;
  readonly gap?: ErrorCode | 'not_kept' | 'cancelled';
}

/** Names only adorn an answer: without them the days are kept all the same. */
async function keepNames(people: People, signal: AbortSignal): Promise<Names> {
  try {
    const count = await people.keepNames({ signal });
    return count === undefined ? { gap: 'not_kept' } : { count };
  } catch (error) {
    return { gap: signal.aborted ? 'cancelled' : toAuditError(error).code };
  }
}

function report({ config, terminal }: CommandRun, result: FillResult, names: Names): void {
  const { complete, stoppedBy, filled, alreadyKept, rechecked, notClosed, forgotten, retired } = result;
  const { events, requests, failure } = result;
  if (config.command.json === true) {
    const answer = {
      complete,
      stopped_by: stoppedBy,
      filled: joinDays(filled),
      already_kept: joinDays(alreadyKept),
      ...(rechecked === undefined ? {} : { rechecked }),
      not_closed: joinDays(notClosed),
      forgotten: joinDays(forgotten),
      older_than_kept: joinDays(retired),
      events,
      requests,
      ...(names.count === undefined ? {} : { names_kept: names.count }),
      ...(failure === undefined ? {} : { error: { code: failure.code, message: failure.message } }),
    };
    terminal.out(JSON.stringify(answer, undefined, 2));
    return;
  }
  const words = WORDS[config.lang];
  terminal.out(words.filled(filled.length, events, requests));
  const list = (what: string, days: readonly string[]): void => {
    if (days.length > 0) terminal.out(`${what}: ${rangesText(joinDays(days))}`);
  };
  list(words.keptBefore, alreadyKept);
  list(words.rechecked, rechecked === undefined ? [] : [rechecked]);
  list(words.notClosed, notClosed);
  list(words.forgotten, forgotten);
  list(words.olderThanKept, retired);
  if (names.count !== undefined) terminal.out(words.namesKept(names.count));
  if (names.gap !== undefined) terminal.out(words.namesNotKept(names.gap));
  if (!complete) terminal.out(words.fillStopped(stoppedBy, failure?.message ?? ''));
}

function exitCode({ signal }: CommandRun, { complete, filled, failure }: FillResult): number {
  if (signal.aborted) return EXIT.interrupted;
  if (complete) return EXIT.done;
  return filled.length === 0 && failure !== undefined ? exitCodeOf(failure.code) : EXIT.partial;
}

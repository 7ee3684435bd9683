// Owns a little world for the property test of the store: a log, two processes of ours on one folder, and what may happen to them.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventTimeMs, type AuditEvent } from '../../src/audit/event.ts';
import type { AuditQuery } from '../../src/audit/query.ts';
import { createDisk } from '../../src/store/disk.ts';
import { fillStore } from '../../src/store/fill.ts';
import { removeDays } from '../../src/store/folder.ts';
import { createStoredLog, type StoredLog } from '../../src/store/stored-log.ts';
import { dayOf } from '../../src/store/utc-days.ts';
import { createScriptedLog } from './scripted-log.ts';
import { checkRead, checkSlices, type Truth } from './store-truth.ts';
import { createSetClock, eventAt, SCOPE } from './store.ts';

export const KEYS = ['user_login', 'user_logout', 'kms_decrypt', 'Новый/key'];
const WORLD_STARTS_MS = Date.parse('2026-03-10T00:00:00.000Z');
const HOUR_MS = 3_600_000;
const LOG_DAYS = 6;

/** One thing that happens in the company. */
export interface Happening {
  /** Units of 20 minutes from the start of the world. */
  readonly at: number;
  readonly ms: number;
  readonly key: number;
  readonly actor: number;
  /** From 0 (it is in the log at once) to 1 (as late as this world allows). */
  readonly late: number;
}

export interface WorldQuestion {
  /** Which of the world's stretches of time. */
  readonly stretch: number;
  /** Into KEYS; absent: all keys. */
  readonly keys: readonly number[] | undefined;
  readonly order: AuditQuery['order'];
  readonly isOfOneActor: boolean;
  readonly ownReads: AuditQuery['ownReads'];
}

/** Something that happens to the store. `by`: which of the two processes. */
export type Turn =
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'read'; readonly by: number; readonly question: WorldQuestion; readonly leaveAfter: number }
  | { readonly kind: 'limit'; readonly by: number; readonly question: WorldQuestion; readonly maxEvents: number }
  | { readonly kind: 'slices'; readonly by: number; readonly question: WorldQuestion; readonly haveHours: number }
  | { readonly kind: 'fill'; readonly by: number; readonly question: WorldQuestion }
  | { readonly kind: 'at_once'; readonly questions: readonly WorldQuestion[] }
  | { readonly kind: 'purge'; readonly hour: number }
  | {
      readonly kind: 'damage';
      readonly file: number;
      readonly how: 'flip' | 'cut' | 'remove' | 'swap';
      readonly at: number;
    }
  | { readonly kind: 'network'; readonly afterBatches: number }
  | { readonly kind: 'kill'; readonly by: number; readonly afterSteps: number }
  | { readonly kind: 'full'; readonly by: number; readonly writes: number }
  | { readonly kind: 'restart'; readonly by: number };

export interface WorldOptions {
  readonly dir: string;
  readonly happenings: readonly Happening[];
  /** What questions ask for, hours from the start of the world: few, so that they come again. */
  readonly stretches: readonly { readonly fromHour: number; readonly hours: number }[];
  readonly slices: 'by_key' | 'all_keys';
  /** Events may come up to 24 hours late, and memory is off; else they come within a minute. */
  readonly isLate: boolean;
}

interface Process {
  readonly log: StoredLog;
  /** Steps on disk until the plug is pulled. */
  stepsLeft: number;
  /** Writes that fail for want of space. */
  fullWrites: number;
}

/** Plays turns, and checks every answer against what the log behind the store knows at that moment. */
export function createWorld({ dir, happenings, stretches, slices, isLate }: WorldOptions): {
  play(turn: Turn): Promise<void>;
} {
  const clock = createSetClock('2026-03-15T09:30:00.000Z');
  const isOwnRead = (event: AuditEvent): boolean => event.actor_id === 'own';
  const source = createScriptedLog({ clock, logDays: LOG_DAYS, slices, isOwnRead });
  const history = happenings.map((happening, index) => {
    const event = eventOf(happening, index);
    const arriveAtMs = eventTimeMs(event) + Math.floor(happening.late * (isLate ? 24 * HOUR_MS : 60_000));
    source.add([event], arriveAtMs);
    return { event, arriveAtMs };
  });
  const truth: Truth = {
    isOwnRead,
    arrived: () => history.filter(({ arriveAtMs }) => arriveAtMs <= clock.now()).map(({ event }) => event),
    remembered: () => ({ startMs: clock.now() - LOG_DAYS * 24 * HOUR_MS, endMs: Number.POSITIVE_INFINITY }),
  };

  const start = (): Process => {
    const disk = createDisk((step) => {
      if (process.stepsLeft <= 0) throw new Error('killed');
      process.stepsLeft -= 1;
      if (step !== 'write' || process.fullWrites <= 0) return;
      process.fullWrites -= 1;
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    const memoryAgeMs = isLate ? -1 : 15 * 60_000;
    const scope = () => Promise.resolve(SCOPE);
    const log = createStoredLog({ inner: source, dir, scope, clock, isOwnRead, disk, logDays: LOG_DAYS, memoryAgeMs });
    const process: Process = { log, stepsLeft: Number.POSITIVE_INFINITY, fullWrites: 0 };
    return process;
  };
  const processes = [start(), start()];
  const processOf = (by: number): Process => processes[by] ?? start();

  /** A window of the future has no answer yet: questions end now at the latest, as those of the tools do. */
  const queryOf = ({ stretch, keys, order, isOfOneActor, ownReads }: WorldQuestion): AuditQuery => {
    const nowMs = Math.floor(clock.now() / 1000) * 1000 - 60_000;
    const { fromHour = 0, hours = 1 } = stretches[stretch % stretches.length] ?? {};
    const startMs = Math.min(WORLD_STARTS_MS + fromHour * HOUR_MS, nowMs - HOUR_MS);
    const window = { startMs, endMs: Math.min(startMs + hours * HOUR_MS, nowMs) };
    const eventKeys = keys?.map((key) => KEYS[key] ?? '');
    const query: AuditQuery = { window, order, timeZone: 'UTC', ownReads };
    return { ...query, ...(eventKeys && { eventKeys }), ...(isOfOneActor && { actorId: '1' }) };
  };
  const fill = async (by: number, question: WorldQuestion): Promise<void> => {
    const { window, eventKeys } = queryOf(question);
    await fillStore({ log: processOf(by).log, window, ...(eventKeys && { eventKeys }) }).catch(() => undefined);
  };

  const play = async (turn: Turn): Promise<void> => {
    switch (turn.kind) {
      case 'wait':
        return clock.set(clock.now() + turn.hours * HOUR_MS);
      case 'read':
        return checkRead(processOf(turn.by).log, queryOf(turn.question), truth, { leaveAfter: turn.leaveAfter });
      case 'limit':
        return checkRead(processOf(turn.by).log, queryOf(turn.question), truth, { maxEvents: turn.maxEvents });
      case 'slices':
        return checkSlices(processOf(turn.by).log, queryOf(turn.question), truth, turn.haveHours * HOUR_MS);
      case 'fill':
        return fill(turn.by, turn.question);
      case 'at_once':
        await Promise.all(
          turn.questions.map((question, at) => play({ kind: atOnce(at), by: at % 2, question, ...ALONE })),
        );
        return;
      case 'purge': {
        const before = dayOf(WORLD_STARTS_MS + turn.hour * HOUR_MS);
        await removeDays({ dir, disk: createDisk(), ...(turn.hour > 0 && { before }) });
        return;
      }
      case 'damage':
        return damage(dir, turn);
      case 'network':
        return source.breakAfter(turn.afterBatches);
      case 'kill':
        processOf(turn.by).stepsLeft = turn.afterSteps;
        return;
      case 'full':
        processOf(turn.by).fullWrites = turn.writes;
        return;
      case 'restart':
        processes[turn.by] = start();
    }
  };
  return { play };
}

const ALONE = { leaveAfter: Number.POSITIVE_INFINITY, haveHours: 0 };

function atOnce(at: number): 'read' | 'slices' | 'fill' {
  return (['read', 'slices', 'fill'] as const)[at % 3] ?? 'read';
}

function eventOf({ at, ms, key, actor }: Happening, index: number): AuditEvent {
  const createdAt = new Date(WORLD_STARTS_MS + at * 20 * 60_000 + ms).toISOString();
  // Ids do not sort as the events came.
  const id = `${(index * 7919) % 1009}-${index}`;
  const actorId = ['1', '2', 'own'][actor % 3] ?? '1';
  const details = { z: index, a: { '2': 1, '1': [null, 'Ж\n"'] } };
  return eventAt(createdAt, KEYS[key] ?? '', id, { actor_id: actorId, details, ip_address: null });
}

/** Harms files of the store: every third or so, whole or half written. */
async function damage(dir: string, { file, how, at }: Extract<Turn, { kind: 'damage' }>): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const [index, path] of files.sort().entries()) {
    if ((index + Math.floor(file * 100)) % 3 > 0) continue;
    const other = files[(index + 1) % files.length] ?? path;
    const bytes = await readFile(how === 'swap' ? other : path);
    const offset = Math.floor(at * bytes.length);
    if (how === 'remove') await rm(path);
    else if (how === 'flip') await writeFile(path, flipped(bytes, offset));
    else await writeFile(path, how === 'cut' ? bytes.subarray(0, offset) : bytes);
  }
}

function flipped(bytes: Buffer, offset: number): Buffer {
  const harmed = Buffer.from(bytes);
  harmed[offset] = (harmed[offset] ?? 0) ^ 0x10;
  return harmed;
}

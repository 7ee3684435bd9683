// Owns what every read of the stored log works with.
import type { AuditLog, ReadOptions } from '../audit/audit-log.ts';
import type { AuditQuery, IsOwnRead, TimeWindow } from '../audit/query.ts';
import type { Clock } from '../clock.ts';
import type { Text } from '../text/lang.ts';
import type { Account } from './account.ts';
import type { Keeper } from './keeper.ts';
import type { Held, Holdings } from './plan.ts';
import type { Block } from './segment-format.ts';
import type { Unpack } from './unpacked.ts';

/** Where the events of one key are. */
export interface Loaded {
  readonly blocks: readonly Block[];
  readonly unpack: Unpack;
}

export interface StoreContext {
  /** The log behind the store. */
  readonly inner: AuditLog;
  readonly clock: Clock;
  readonly isOwnRead: IsOwnRead;
  /** What is held here for a question about this window and these keys. */
  holdings(query: Pick<AuditQuery, 'window' | 'eventKeys'>): Promise<Holdings>;
  /** What `held` stands for; undefined where it is gone or damaged. Never throws. */
  load(held: Held): Promise<Loaded | undefined>;
  /** A keeper for a read of the log that begins now. */
  keeper(): Promise<Keeper>;
  /** Begins to listen to what the store says; what is called then gives what a reader of the answer must know. */
  listen(): () => readonly Text[];
  /** To be called when a read is over. Never throws. */
  afterRead(): Promise<void>;
}

/** `query` for another window and other keys; undefined: all keys. */
export function narrowQuery(
  query: AuditQuery,
  window: TimeWindow,
  eventKeys: readonly string[] | undefined,
  ownReads: AuditQuery['ownReads'],
): AuditQuery {
  const { eventKeys: _, ...rest } = query;
  return { ...rest, window, ownReads, ...(eventKeys === undefined ? {} : { eventKeys }) };
}

/** What is left of the caller's budgets for a question to the log; undefined where no request is left. */
export function restOfBudget(options: ReadOptions, account: Account): ReadOptions | undefined {
  const { signal, deadlineAt, maxRequests } = options;
  const requests = maxRequests === undefined ? undefined : maxRequests - account.requests();
  if (requests !== undefined && requests <= 0) return undefined;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
    ...(requests === undefined ? {} : { maxRequests: requests }),
  };
}

/** Ends the read at the caller's deadline. Throws the reason of the signal, as the log does: it must not look like an answer. */
export function stopIfOver({ signal, deadlineAt }: ReadOptions, clock: Clock, account: Account): void {
  signal?.throwIfAborted();
  if (deadlineAt !== undefined && clock.now() >= deadlineAt) account.stop('deadline');
}

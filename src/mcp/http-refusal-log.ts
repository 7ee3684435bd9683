// Owns the log lines about refused requests: at most one a second, with the number of those it stands for.
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Refusal } from './http-refusal.ts';

const INTERVAL_MS = 1000;

export type LogRefusal = (incoming: IncomingMessage, refusal: Refusal, reason?: string) => void;

/** A flood of bad requests must not become a flood of lines, nor pass unseen. */
export function refusalLog(log: Pick<Log, 'warn'>, clock: Pick<Clock, 'now'>): LogRefusal {
  let loggedAt = -Infinity;
  let unlogged = 0;
  return (incoming, { status, message }, reason) => {
    unlogged += 1;
    if (clock.now() - loggedAt < INTERVAL_MS) return;
    log.warn('http_refused', {
      status,
      reason: reason ?? message,
      address: incoming.socket.remoteAddress,
      requests: unlogged,
    });
    loggedAt = clock.now();
    unlogged = 0;
  };
}

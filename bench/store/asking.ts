// Owns the question of bench/store/question.ts as a server asks it of itself: in this process, or in one of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createParts } from '../../src/parts.ts';
import { systemClock } from '../../src/system-clock.ts';
import { findSuspiciousLogins } from '../../tools/find-suspicious-logins.ts';
import { DAY_MS } from './common.ts';

export interface ServerOptions {
  readonly url: string;
  readonly token: string;
  /** Where the store lies, and exports would. */
  readonly dir: string;
  readonly hasStore: boolean;
  /** Requests a second. */
  readonly rate: number;
}

interface Answer {
  readonly findings: readonly unknown[];
  readonly omitted_findings: number;
  readonly totals: unknown;
  readonly coverage: unknown;
  readonly baseline: unknown;
}

export interface Asked {
  readonly answer: Answer;
  readonly seconds: number;
}

export type Server = ReturnType<typeof openServer>;

export function openServer({ url, token, dir, hasStore, rate }: ServerOptions) {
  return createParts({
    source: { kind: 'api', baseUrl: url, token: () => token },
    settings: { timeZone: 'UTC', lang: 'en', maxRequests: 1000 },
    rate,
    exportDir: dir,
    version: '0.0.0-bench',
    installationId: 'bench',
    clock: systemClock,
    toolNames: [],
    ...(hasStore ? { store: { dir } } : {}),
  });
}

/** Suspicious logins of the 31 days before `endMs`. */
export async function ask(parts: Server, endMs: number, isUnlimited = false): Promise<Asked> {
  const startedAt = performance.now();
  const nowMs = Date.now();
  const { structured } = await findSuspiciousLogins.call(
    {
      start_time: new Date(endMs - 31 * DAY_MS).toISOString(),
      end_time: new Date(endMs).toISOString(),
      max_findings: 100,
    },
    {
      ...parts,
      settings: { ...parts.settings, maxRequests: isUnlimited ? 1_000_000 : 1000 },
      nowMs,
      deadlineAt: isUnlimited ? Number.POSITIVE_INFINITY : nowMs + 45_000,
      signal: new AbortController().signal,
      progress: () => undefined,
    },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const answer: Answer = JSON.parse(JSON.stringify(structured));
  return { answer, seconds };
}

/** A server as people start it: nothing of what this process holds slows it down, and nothing is warm. */
export function startServer(options: ServerOptions) {
  const child = fork(process.argv[1] ?? '', ['ask', JSON.stringify(options)]);
  const gone = once(child, 'exit').then(() => {
    throw new Error('the server that was asked has ended');
  });
  gone.catch(() => undefined);
  const message = async (): Promise<Asked> => (await Promise.race([once(child, 'message'), gone]))[0];
  return {
    async ask(endMs: number): Promise<Asked> {
      child.send(endMs);
      return message();
    },
    close: () => child.disconnect(),
  };
}

/** What such a process does: answers one question for each message, until its parent lets go of it. */
export async function serveParent(options: string): Promise<void> {
  const parts = openServer(JSON.parse(options));
  process.on('message', (endMs) => void ask(parts, Number(endMs)).then((asked) => process.send?.(asked)));
  await once(process, 'disconnect');
  await parts.close();
}

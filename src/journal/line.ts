// Owns one line of the journal: who asked for what, what it cost, how it ended; and the digest that chains the lines.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { toAuditError } from '../errors.ts';
import type { ToolCallRecord } from '../mcp/server.ts';
import { cleanText } from '../text/clean.ts';

/** What the first line of a journal points to. */
export const GENESIS = '0'.repeat(64);
const CLIENT_MAX = 80;

export const journalLineSchema = z.object({
  /** When the call began, ISO-8601 in UTC. */
  at: z.iso.datetime(),
  duration_ms: z.number(),
  transport: z.enum(['stdio', 'http', 'cli']),
  /** What the client calls itself; nobody checks that. */
  client: z.string().optional(),
  /** Whose token it was, over HTTP. */
  user: z.string().optional(),
  tool: z.string(),
  /** What the answer came from: the log of the company, the simulator of `--demo`, or an exported file. */
  source: z.enum(['api', 'demo', 'file']),
  /** SHA-256 of the arguments as JSON with sorted keys. */
  arguments_sha256: z.string(),
  /** Requests to the API, as far as the answer tells. */
  requests: z.number().optional(),
  events_scanned: z.number().optional(),
  events_returned: z.number().optional(),
  /** `ok`, `partial` (not all that was asked for was read), `cancelled`, or the code of the error. */
  outcome: z.string(),
  /** Process id: which of several servers of this user wrote the line. */
  pid: z.number(),
  /** SHA-256 of the line before, as it stands in the file. */
  prev: z.string(),
});
export type JournalLine = z.output<typeof journalLineSchema>;

export const digestOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}

const list = z.array(z.unknown()).optional();
const answerSchema = z.looseObject({
  coverage: z.looseObject({ complete: z.boolean(), requests: z.number(), events_scanned: z.number() }).optional(),
  rows: list,
  events: list,
  timeline: list,
  file: z.looseObject({ events: z.number() }).optional(),
});

function spent(answer: Record<string, unknown>) {
  const { coverage, rows, events, timeline, file } = answerSchema.safeParse(answer).data ?? {};
  const returned = (rows ?? events ?? timeline)?.length ?? file?.events;
  return {
    ...(coverage === undefined ? {} : { requests: coverage.requests, events_scanned: coverage.events_scanned }),
    ...(returned === undefined ? {} : { events_returned: returned }),
    outcome: coverage?.complete === false ? 'partial' : 'ok',
  };
}

export type LineOrigin = Pick<JournalLine, 'pid' | 'source'>;

const failureOf = ({ error, isCancelled }: ToolCallRecord): string =>
  isCancelled === true ? 'cancelled' : toAuditError(error).code;

/** `call` as a line, but for its place in the chain. */
export function lineOf(call: ToolCallRecord, { pid, source }: LineOrigin): Omit<JournalLine, 'prev'> {
  const { transport, client, user } = call.caller;
  return {
    at: new Date(call.startedAt).toISOString(),
    duration_ms: call.finishedAt - call.startedAt,
    transport,
    ...(client === undefined ? {} : { client: cleanText(client, CLIENT_MAX) }),
    ...(user === undefined ? {} : { user }),
    tool: call.tool,
    source,
    arguments_sha256: digestOf(JSON.stringify(sorted(call.arguments ?? {})) ?? ''),
    ...(call.answer === undefined ? { outcome: failureOf(call) } : spent(call.answer)),
    pid,
  };
}

// Owns what a tool is: its words, its two schemas and its run, and what it is given to work with.
import type { z } from 'zod';
import type { Alerts } from '../audit/alerts.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { People } from '../audit/people.ts';
import type { IsOwnRead, TimeWindow } from '../audit/query.ts';
import type { ApiClock } from '../audit/api-clock.ts';
import type { TokenInfoReader } from '../audit/token.ts';
import type { Clock } from '../clock.ts';
import type { ExportJobs } from '../export/jobs.ts';
import type { ExportShelf } from '../export/shelf.ts';
import type { LocalStore } from '../store/local-store.ts';
import { parseInput } from './input.ts';
import { inputSchemaOf, outputSchemaOf, type JsonSchema } from './schemas.ts';
import type { Lang, Text } from '../text/lang.ts';

/** All four hints of the protocol, always stated. */
export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export const READS_LOG: ToolHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
};

/** The exported file that answers come from. */
export interface FileSource {
  readonly path: string;
  readonly events: number;
  /** From the first to the last moment that it holds; absent where it holds nothing. */
  readonly span?: TimeWindow;
  /** What a reader of any answer must know of it. */
  readonly notes: readonly Text[];
}

/** What a tool is told of the configuration. */
export interface ToolSettings {
  readonly source: 'api' | 'demo' | 'file';
  /** Absent for a file. */
  readonly apiUrl?: string;
  /** What is known of the file, where one is answered from. */
  readonly file?: FileSource;
  /** IANA zone for bare dates, hours of the day and reports. */
  readonly timeZone: string;
  readonly lang: Lang;
  readonly maxRequests: number;
  /** The folder in which the id that tells own reads could not be kept: after a restart they look like somebody else's. */
  readonly idNotKeptIn?: string;
}

/** Parts that live as long as the process. */
export interface ToolParts {
  readonly log: AuditLog;
  /** What lies on disk in front of the log; absent where nothing is kept there. */
  readonly store?: LocalStore;
  readonly people: People;
  readonly token: TokenInfoReader;
  /** Absent where no API is asked. */
  readonly apiClock?: ApiClock;
  readonly exports: ExportJobs;
  readonly exportShelf: ExportShelf;
  readonly alerts: Alerts;
  readonly clock: Clock;
  /** Tells this server's own reads of the log from everybody else's. */
  readonly isOwnRead: IsOwnRead;
  readonly settings: ToolSettings;
  /** Names of the tools that are served; answers may point to these alone. */
  readonly toolNames: readonly string[];
}

/** What one call of a tool is given. */
export interface ToolContext extends ToolParts {
  /** The moment of the call: the end of every open window. */
  readonly nowMs: number;
  /** Clock time (ms) at which the tool answers with what it has. */
  readonly deadlineAt: number;
  readonly signal: AbortSignal;
  /** Tells the client how far the call is; does nothing where it did not ask. */
  progress(done: number, total: number, message: string): void;
}

/** A file that the answer points to. */
export interface FileLink {
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
}

export interface ToolAnswer<Structured = Record<string, unknown>> {
  readonly structured: Structured;
  readonly links?: readonly FileLink[];
  /** Fields of the answer whose line breaks are part of what they say. */
  readonly multiline?: readonly string[];
}

export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly hints: ToolHints;
  run(input: z.output<Input>, context: ToolContext): Promise<ToolAnswer<z.input<Output>>>;
}

/** A tool with its types closed over, so that one list can hold them all. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly hints: ToolHints;
  readonly argumentNames: readonly string[];
  inputSchema(): JsonSchema;
  outputSchema(): JsonSchema;
  /** Loads what `call` needs, where the built program leaves that to the first call. */
  load?(): Promise<unknown>;
  /** Checks `raw` against the input schema, runs, and strips the answer to the output schema. Throws AuditError. */
  call(raw: unknown, context: ToolContext): Promise<ToolAnswer>;
}

/** Made on first use, since start-up counts, and once. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, title, description, hints, input, output } = definition;
  /** A tool that gives the same answer again need not have it checked again. */
  const checked = new WeakMap<object, ToolAnswer['structured']>();
  return {
    name,
    title,
    description,
    hints,
    argumentNames: Object.keys(input.shape),
    inputSchema: once(() => inputSchemaOf(input)),
    outputSchema: once(() => outputSchemaOf(output)),
    async call(raw, context) {
      const answer = await definition.run(parseInput(input, raw), context);
      const structured = checked.get(answer.structured) ?? output.parse(answer.structured);
      checked.set(answer.structured, structured);
      return { ...answer, structured };
    },
  };
}

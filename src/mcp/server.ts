// Owns the factory of MCP servers: one function that serves both protocol eras, on stdio and over HTTP.
import {
  CLIENT_INFO_META_KEY,
  McpServer,
  type McpServerFactory,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { withinLimit } from './call-limit.ts';
import { answerResult, defined, errorResult } from './result.ts';
import { registerPrompts } from './serve-prompts.ts';
import { registerResources } from './serve-resources.ts';
import type { JsonSchema } from './schemas.ts';
import type { Tool, ToolAnswer, ToolContext, ToolParts, ToolSettings } from './tool.ts';
import { momentOf } from './moment.ts';

export interface ServerOptions {
  readonly version: string;
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** What tools work with; asked for at every call, and nowhere before the first. */
  readonly openParts: () => Promise<ToolParts>;
  readonly clock: Clock;
  /** Of prompts. */
  readonly lang: ToolSettings['lang'];
  /** Wall-clock budget of one call, milliseconds. */
  readonly deadlineMs: number;
  /** Takes the token out of a text. */
  redact(text: string): string;
  /** Awaited once after every call, before its answer leaves: what was answered was written down. Must not throw. */
  onCall?(call: ToolCallRecord): void | Promise<void>;
}

/** Who called: what the client says of itself, and over HTTP the name that its token was given to. */
export interface Caller {
  readonly transport: 'stdio' | 'http' | 'cli';
  readonly client?: string;
  readonly user?: string;
}

export interface ToolCallRecord {
  readonly tool: string;
  readonly caller: Caller;
  readonly arguments: unknown;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** The structured answer; absent where the call failed. */
  readonly answer?: Record<string, unknown>;
  readonly error?: unknown;
  /** The caller no longer wanted it. */
  readonly isCancelled?: boolean;
}

/** Lists never change while the program runs; reads are the caller's own. */
const DAY_MS = 86_400_000;
const STATIC_LIST = { ttlMs: DAY_MS, cacheScope: 'public' } as const;

/**
 * A schema that accepts everything but carries `schema` for the list. The SDK's own input errors are text without a
 * code; tools check their input themselves and answer with ours.
 */
function passThrough(schema: () => JsonSchema): StandardSchemaWithJSON {
  return {
    '~standard': {
      version: 1,
      vendor: 'pachca-audit',
      validate: (value) => ({ value }),
      jsonSchema: { input: schema, output: schema },
    },
  };
}

/** Progress for the client that asked for it, strictly growing as the protocol wants. */
function progressSender(context: ServerContext): ToolContext['progress'] {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let last = -1;
  return (progress, total, message) => {
    if (progress <= last) return;
    last = progress;
    // A client that is gone must not fail the call.
    context.mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, total, message } })
      .catch(() => undefined);
  };
}

async function toolContext(options: ServerOptions, context: ServerContext, signal: AbortSignal): Promise<ToolContext> {
  const parts = await options.openParts();
  const deadlineAt = options.clock.now() + options.deadlineMs;
  return {
    ...parts,
    nowMs: await momentOf(parts),
    deadlineAt,
    signal,
    progress: progressSender(context),
  };
}

const clientInfoSchema = z.looseObject({ name: z.string(), version: z.string().optional() });
const envelopeSchema = z.looseObject({ [CLIENT_INFO_META_KEY]: clientInfoSchema.optional() });

/** Over HTTP a client of 2025 names itself in no message but the first, so its User-Agent stands in. */
function callerOf(server: McpServer, { mcpReq, http }: ServerContext): Caller {
  const said = envelopeSchema.safeParse(mcpReq.envelope).data?.[CLIENT_INFO_META_KEY];
  const info = said ?? server.server.getClientVersion();
  const client =
    info === undefined ? http?.req?.headers.get('user-agent') : `${info.name} ${info.version ?? ''}`.trim();
  return {
    transport: http === undefined ? 'stdio' : 'http',
    ...defined({ client: client ?? undefined, user: http?.authInfo?.clientId }),
  };
}

async function callTool(options: ServerOptions, tool: Tool, raw: unknown, server: McpServer, context: ServerContext) {
  const startedAt = options.clock.now();
  const record = async (outcome: Pick<ToolCallRecord, 'answer' | 'error' | 'isCancelled'>) => {
    const call = { tool: tool.name, caller: callerOf(server, context), arguments: raw, startedAt };
    await options.onCall?.({ ...call, finishedAt: options.clock.now(), ...outcome });
  };
  let answer: ToolAnswer;
  try {
    answer = await withinLimit(options.deadlineMs, context.mcpReq.signal, async (signal) =>
      tool.call(raw, await toolContext(options, context, signal)),
    );
  } catch (error) {
    await record({ error, isCancelled: context.mcpReq.signal.aborted });
    return errorResult(error, (text) => options.redact(text));
  }
  await record({ answer: answer.structured });
  return answerResult(answer, (text) => options.redact(text));
}

/** Schemas are wrapped once, outside the factory: over HTTP it runs for every request. */
export function createServerFactory(options: ServerOptions): McpServerFactory {
  const registrations = options.tools.map((tool) => ({
    tool,
    config: {
      title: tool.title,
      description: tool.description,
      inputSchema: passThrough(() => tool.inputSchema()),
      outputSchema: passThrough(() => tool.outputSchema()),
      annotations: { title: tool.title, ...tool.hints },
    },
  }));
  const promptContext = { lang: options.lang, toolNames: options.tools.map(({ name }) => name) };
  const resourceParts = {
    exportShelf: async () => (await options.openParts()).exportShelf,
    redact: (text: string) => options.redact(text),
  };
  return () => {
    const server = new McpServer(
      { name: 'pachca-audit', title: 'Pachca audit log', version: options.version },
      {
        instructions: options.instructions,
        capabilities: {
          tools: { listChanged: false },
          resources: { listChanged: false },
          prompts: { listChanged: false },
        },
        // The list of resources is not among them: every export adds one.
        cacheHints: {
          'tools/list': STATIC_LIST,
          'prompts/list': STATIC_LIST,
          'resources/templates/list': STATIC_LIST,
          'server/discover': STATIC_LIST,
        },
      },
    );
    for (const { tool, config } of registrations) {
      server.registerTool(tool.name, config, (raw, context) => callTool(options, tool, raw, server, context));
    }
    registerResources(server, resourceParts);
    registerPrompts(server, promptContext);
    return server;
  };
}

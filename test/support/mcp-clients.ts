// Owns the clients that every release must work with: the 2025 SDK and the 2026 SDK in each of its modes, over stdio.
import { Client as Client2026 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2026 } from '@modelcontextprotocol/client/stdio';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio2025 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';

export const CLIENT_MODES = ['2025', '2026 default', '2026 auto', '2026 pinned'] as const;
export type ClientMode = (typeof CLIENT_MODES)[number];

export interface ServerCommand {
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Gets what the server writes to stderr. */
  onStderr?: (text: string) => void;
}

const contentSchema = z.looseObject({ type: z.string(), text: z.string().optional(), uri: z.string().optional() });
export const callResultSchema = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(contentSchema),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  _meta: z.record(z.string(), z.unknown()).optional(),
});
export type CallResult = z.output<typeof callResultSchema>;

export interface ListedTool {
  name: string;
  description?: string | undefined;
  inputSchema: Record<string, unknown>;
  outputSchema?: Record<string, unknown> | undefined;
  annotations?: object | undefined;
}

export interface CallOptions {
  onprogress?: (progress: { progress: number; total?: number | undefined; message?: string | undefined }) => void;
  signal?: AbortSignal;
}

/** What tests do with any client. */
export interface TestClient {
  listTools(): Promise<ListedTool[]>;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<CallResult>;
  close(): Promise<void>;
}

const info = { name: 'test', version: '1.0.0' };

const NEGOTIATION = {
  '2026 default': {},
  '2026 auto': { versionNegotiation: { mode: 'auto' } },
  '2026 pinned': { versionNegotiation: { mode: { pin: '2026-07-28' } } },
} as const;

function pipeStderr(transport: { stderr: NodeJS.EventEmitter | null }, onStderr: ServerCommand['onStderr']): void {
  transport.stderr?.on('data', (chunk: Buffer) => onStderr?.(chunk.toString('utf8')));
}

async function connect2025({ onStderr, ...server }: ServerCommand): Promise<TestClient> {
  const client = new Client2025(info);
  const transport = new Stdio2025({ ...server, stderr: 'pipe' });
  pipeStderr(transport, onStderr);
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools,
    call: async (name, args = {}, options = {}) =>
      callResultSchema.parse(await client.callTool({ name, arguments: args }, undefined, options)),
    close: () => client.close(),
  };
}

async function connect2026(
  mode: Exclude<ClientMode, '2025'>,
  { onStderr, ...server }: ServerCommand,
): Promise<TestClient> {
  const client = new Client2026(info, NEGOTIATION[mode]);
  const transport = new Stdio2026({ ...server, stderr: 'pipe' });
  pipeStderr(transport, onStderr);
  await client.connect(transport);
  return {
    listTools: async () => (await client.listTools()).tools,
    call: async (name, args = {}, options = {}) =>
      callResultSchema.parse(await client.callTool({ name, arguments: args }, options)),
    close: () => client.close(),
  };
}

/** Starts the server as a child process and connects over its stdio. */
export function connectClient(mode: ClientMode, server: ServerCommand): Promise<TestClient> {
  return mode === '2025' ? connect2025(server) : connect2026(mode, server);
}

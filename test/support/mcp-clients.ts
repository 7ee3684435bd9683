// Owns the clients that every release must work with: the 2025 SDK and the 2026 SDK in each of its modes, over stdio
// and over HTTP.
import { Client as Client2026, StreamableHTTPClientTransport as Http2026 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2026 } from '@modelcontextprotocol/client/stdio';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio2025 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as Http2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
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

const listedSchema = z.array(z.looseObject({ name: z.string(), title: z.string().optional() }));
const contentsSchema = z.array(z.looseObject({ uri: z.string(), mimeType: z.string().optional(), text: z.string() }));
const messagesSchema = z.array(z.looseObject({ role: z.string(), content: z.looseObject({ text: z.string() }) }));

/** What tests do with any client. */
export interface TestClient {
  listTools(): Promise<ListedTool[]>;
  listResources(): Promise<{ name: string; uri: string; title?: string | undefined }[]>;
  listTemplates(): Promise<string[]>;
  /** The texts of one resource. */
  readResource(uri: string): Promise<z.output<typeof contentsSchema>>;
  listPrompts(): Promise<z.output<typeof listedSchema>>;
  /** The texts of one prompt's messages. */
  getPrompt(name: string, args?: Record<string, string>): Promise<string[]>;
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

/** What both lines of the SDK do alike. */
function alike(client: Client2025 | Client2026): Omit<TestClient, 'call'> {
  return {
    listTools: async () => (await client.listTools()).tools,
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
    readResource: async (uri) => contentsSchema.parse((await client.readResource({ uri })).contents),
    listPrompts: async () => listedSchema.parse((await client.listPrompts()).prompts),
    getPrompt: async (name, args = {}) =>
      messagesSchema
        .parse((await client.getPrompt({ name, arguments: args })).messages)
        .map(({ content }) => content.text),
    close: () => client.close(),
  };
}

function test2025(client: Client2025): TestClient {
  return {
    ...alike(client),
    call: async (name, args = {}, options = {}) =>
      callResultSchema.parse(await client.callTool({ name, arguments: args }, undefined, options)),
  };
}

function test2026(client: Client2026): TestClient {
  return {
    ...alike(client),
    call: async (name, args = {}, options = {}) =>
      callResultSchema.parse(await client.callTool({ name, arguments: args }, options)),
  };
}

/** Starts the server as a child process and connects over its stdio. */
export async function connectClient(mode: ClientMode, { onStderr, ...server }: ServerCommand): Promise<TestClient> {
  if (mode === '2025') {
    const client = new Client2025(info);
    const transport = new Stdio2025({ ...server, stderr: 'pipe' });
    pipeStderr(transport, onStderr);
    await client.connect(transport);
    return test2025(client);
  }
  const client = new Client2026(info, NEGOTIATION[mode]);
  const transport = new Stdio2026({ ...server, stderr: 'pipe' });
  pipeStderr(transport, onStderr);
  await client.connect(transport);
  return test2026(client);
}

/** Connects to a server that listens at `url`; with `token`, shows it as a bearer token. */
export async function connectHttpClient(mode: ClientMode, url: string, token?: string): Promise<TestClient> {
  const requestInit = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
  if (mode === '2025') {
    const client = new Client2025(info);
    await client.connect(new Http2025(new URL(url), { requestInit }));
    return test2025(client);
  }
  const client = new Client2026(info, NEGOTIATION[mode]);
  await client.connect(new Http2026(new URL(url), { requestInit }));
  return test2026(client);
}

// Owns tools for tests of the MCP room: parts over an array of events, and a few tools that need nothing of the API.
import { z } from 'zod';
import type { AuditEvent } from '../../src/audit/event.ts';
import { createMemoryLog } from '../../src/audit/memory-log.ts';
import type { Clock } from '../../src/clock.ts';
import { AuditError } from '../../src/errors.ts';
import { createServerFactory, type ServerOptions } from '../../src/mcp/server.ts';
import { defineTool, READS_LOG, type Tool, type ToolParts } from '../../src/mcp/tool.ts';
import { systemClock } from '../../src/system-clock.ts';

export function memoryParts(events: readonly AuditEvent[] = [], clock: Clock = systemClock): ToolParts {
  return {
    log: createMemoryLog(events, { clock }),
    people: {
      names: () => Promise.resolve({ table: {} }),
      keepNames: () => Promise.resolve(undefined),
      find: () => Promise.resolve([]),
      resolveActor: (text) => Promise.resolve(text),
    },
    token: { read: () => Promise.resolve({ user_id: '1', scopes: ['audit_events:read'] }) },
    exports: {
      run: () => Promise.reject(new AuditError('internal', 'No exports here.')),
      close: () => Promise.resolve(),
    },
    exportShelf: {
      names: () => Promise.resolve([]),
      manifest: () => Promise.reject(new AuditError('not_found', 'No exports here.')),
    },
    alerts: { recipients: [], send: () => Promise.reject(new AuditError('internal', 'No alerts here.')) },
    clock,
    isOwnRead: () => false,
    settings: { source: 'demo', apiUrl: 'http://127.0.0.1', timeZone: 'UTC', lang: 'en', maxRequests: 1000 },
    toolNames: [],
  };
}

export const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Gives back what it was given.',
  hints: READS_LOG,
  input: z.strictObject({ text: z.string().describe('Any text') }),
  output: z.object({ text: z.string() }),
  run: ({ text }) => Promise.resolve({ structured: { text } }),
});

/** A tool that answers when `release` is called, and says by `started` and `aborted` how far it is. */
export function waitingTool() {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let onStart = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    onStart = resolve;
  });
  let onAbort = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
  });
  const tool = defineTool({
    name: 'wait',
    title: 'Wait',
    description: 'Answers when the test lets it.',
    hints: READS_LOG,
    input: z.strictObject({}),
    output: z.object({ waited: z.boolean() }),
    async run(_input, { signal }) {
      onStart();
      signal.addEventListener('abort', () => onAbort(), { once: true });
      await Promise.race([
        released,
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        }),
      ]);
      return { structured: { waited: true } };
    },
  });
  return { tool, started, aborted, release: () => release() };
}

export function fixtureFactory(tools: readonly Tool[] = [echo], options: Partial<ServerOptions> = {}) {
  return createServerFactory({
    version: '0.0.0',
    instructions: 'A server for tests.',
    tools,
    openParts: () => Promise.resolve(memoryParts()),
    clock: systemClock,
    lang: 'en',
    deadlineMs: 45_000,
    redact: (text) => text,
    ...options,
  });
}

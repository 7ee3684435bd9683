// Owns the conformance fixtures of the plain kind: contents, errors, progress, and what needs the server to call back.
import { setTimeout as delay } from 'node:timers/promises';
import { fromJsonSchema, type McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { DESCRIBED, image, resource, text, WAV } from './contents.ts';

const PAUSE_MS = 20;

function registerContents(server: McpServer): void {
  const fixtures = {
    test_simple_text: [text('This is a simple text response for testing.')],
    test_image_content: [image()],
    test_audio_content: [{ type: 'audio' as const, data: WAV, mimeType: 'audio/wav' }],
    test_embedded_resource: [
      resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ],
    test_multiple_content_types: [
      text('Multiple content types test:'),
      image(),
      resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  };
  for (const [name, content] of Object.entries(fixtures)) {
    server.registerTool(name, DESCRIBED, () => ({ content }));
  }
}

async function logThrice({ mcpReq }: ServerContext) {
  for (const words of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
    await mcpReq.log('info', words);
    await delay(PAUSE_MS);
  }
  return { content: [text('Done.')] };
}

async function progressThrice({ mcpReq }: ServerContext) {
  const progressToken = mcpReq._meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined) {
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    }
    await delay(PAUSE_MS);
  }
  return { content: [text('Done.')] };
}

/** What clients of 2025 were asked over a connection of their own; without sessions there is none. */
function registerCallbacks(server: McpServer): void {
  const elicit = async ({ mcpReq }: ServerContext, message: string, properties: Record<string, { type: 'string' }>) => {
    const answer = await mcpReq.elicitInput({ message, requestedSchema: { type: 'object', properties } });
    return { content: [text(`Elicitation completed: action=${answer.action}`)] };
  };
  server.registerTool(
    'test_sampling',
    { ...DESCRIBED, inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      await mcpReq.requestSampling({ messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 });
      return { content: [text('LLM response')] };
    },
  );
  server.registerTool(
    'test_elicitation',
    { ...DESCRIBED, inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => elicit(context, message, { username: { type: 'string' }, email: { type: 'string' } }),
  );
  for (const name of ['test_elicitation_sep1034_defaults', 'test_elicitation_sep1330_enums']) {
    server.registerTool(name, DESCRIBED, (context) => elicit(context, 'Choose', { name: { type: 'string' } }));
  }
}

/** A schema with what JSON Schema 2020-12 has and earlier drafts had not. */
const SCHEMA_2020 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // The name that the standard gave it.
  // oxlint-disable-next-line unicorn/no-thenable
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
} as const;

export function registerPlainTools(server: McpServer): void {
  registerContents(server);
  registerCallbacks(server);
  server.registerTool('test_error_handling', DESCRIBED, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool('test_tool_with_logging', DESCRIBED, logThrice);
  server.registerTool('test_logging_tool', DESCRIBED, logThrice);
  server.registerTool('test_tool_with_progress', DESCRIBED, progressThrice);
  server.registerTool('json_schema_2020_12_tool', { ...DESCRIBED, inputSchema: fromJsonSchema(SCHEMA_2020) }, () => ({
    content: [text('Done.')],
  }));
}

// A process that mounts the fixtures of the official conformance suite on our own HTTP stack; its address is the first
// line on stdout. The real server has none of these tools.
import { completable, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { createLog } from '../../../src/log.ts';
import { LOOPBACK_NAMES } from '../../../src/mcp/http-guard.ts';
import { serveOverHttp } from '../../../src/mcp/http.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { DESCRIBED, image, PNG, resource, text } from './contents.ts';
import { registerInputTools, stateCodec } from './input-tools.ts';
import { registerPlainTools } from './plain-tools.ts';

function registerResources(server: McpServer): void {
  const words = 'This is the content of the static text resource.';
  server.registerResource('static-text', 'test://static-text', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: words }],
  }));
  server.registerResource('static-binary', 'test://static-binary', { mimeType: 'image/png' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'image/png', blob: PNG }],
  }));
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource('template', template, { mimeType: 'application/json' }, ({ href }, { id }) => ({
    contents: [
      {
        uri: href,
        mimeType: 'application/json',
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
      },
    ],
  }));
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
}

function registerPrompts(server: McpServer): void {
  const said = (...contents: (ReturnType<typeof text> | ReturnType<typeof image> | ReturnType<typeof resource>)[]) => ({
    messages: contents.map((content) => ({ role: 'user' as const, content })),
  });
  server.registerPrompt('test_simple_prompt', DESCRIBED, () => said(text('This is a simple prompt for testing.')));
  const cities = (start: string) => ['paris', 'park', 'party'].filter((word) => word.startsWith(start));
  const argsSchema = z.object({ arg1: completable(z.string(), cities), arg2: z.string() });
  server.registerPrompt('test_prompt_with_arguments', { ...DESCRIBED, argsSchema }, ({ arg1, arg2 }) =>
    said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  const uriSchema = z.object({ resourceUri: z.string() });
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { ...DESCRIBED, argsSchema: uriSchema },
    ({ resourceUri }) =>
      said(
        resource(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
        text('Please process the embedded resource above.'),
      ),
  );
  server.registerPrompt('test_prompt_with_image', DESCRIBED, () =>
    said(image(), text('Please analyze the image above.')),
  );
}

function createFixtures(): McpServer {
  const server = new McpServer(
    { name: 'conformance-fixtures', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: false },
        resources: { listChanged: false, subscribe: true },
        prompts: { listChanged: false },
        logging: {},
        completions: {},
      },
      cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'public' } },
      requestState: { verify: stateCodec.verify },
    },
  );
  registerPlainTools(server);
  registerInputTools(server);
  registerResources(server);
  registerPrompts(server);
  return server;
}

const serving = await serveOverHttp(createFixtures, {
  host: '127.0.0.1',
  port: 0,
  names: { allowedHosts: LOOPBACK_NAMES, allowedOrigins: LOOPBACK_NAMES },
  checkReady: () => Promise.resolve(),
  limits: { requestsPerSecond: 10_000, burst: 10_000 },
  clock: systemClock,
  log: createLog({ write: (line) => void process.stderr.write(line), secrets: () => [], clock: systemClock }),
});
process.stdout.write(`${serving.url}\n`);
process.once('SIGTERM', () => void serving.close(1000));

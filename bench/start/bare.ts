// Owns the server that the start is compared with: the SDK, zod and two tools, nothing else.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const inputSchema = z.object({ text: z.string().describe('Any text') });

serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1.0.0' });
  server.registerTool('echo', { description: 'Gives back what it was given.', inputSchema }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  server.registerTool('length', { description: 'Counts characters.', inputSchema }, ({ text }) => ({
    content: [{ type: 'text', text: String(text.length) }],
  }));
  return server;
});

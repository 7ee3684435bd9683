// Owns small HTTP servers of single tests: a real socket, answers from a function, and a record of what was asked.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface LocalServer {
  readonly url: string;
  /** Requests so far, oldest first. */
  readonly requests: { method: string; url: URL; headers: IncomingMessage['headers']; body: string }[];
}

/** Starts a server that lives as long as the running test. `answer` gets the number of the request, from 0. */
export async function startLocalServer(
  answer: (request: LocalServer['requests'][number], response: ServerResponse, index: number) => void,
): Promise<LocalServer> {
  const requests: LocalServer['requests'] = [];
  const listener: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: new URL(incoming.url ?? '', 'http://localhost'),
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(request);
      answer(request, response, requests.length - 1);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

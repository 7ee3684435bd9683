// Owns a company's way out for tests: a proxy with tunnels, and behind it the simulator as https://api.example with a certificate of its own.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';

const TLS = join(import.meta.dirname, 'tls');
/** Made for tests, worth nothing: the key lies beside it. */
export const CERTIFICATE = join(TLS, 'certificate.pem');

export interface CompanyProxy {
  readonly url: string;
  /** What was asked of the proxy, such as "api.example:443". */
  readonly tunnels: string[];
  /** Everything that went through it, as it saw it. */
  seen(): string;
  /** The API and its token, for the environment of a program. */
  readonly env: Record<'PACHCA_API_URL' | 'PACHCA_TOKEN', string>;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const tie = (a: Socket, b: Socket): void => {
  for (const socket of [a, b]) socket.on('error', () => undefined);
  a.pipe(b).pipe(a);
};

export async function startCompanyProxy(): Promise<CompanyProxy> {
  const simulator = await startSimulator({ events: [], rateLimit: null });
  onTestFinished(() => simulator.close());
  const { pathname, port } = new URL(simulator.url);
  const [cert, key] = await Promise.all([readFile(CERTIFICATE), readFile(join(TLS, 'key.pem'))]);
  const apiPort = await listen(
    createTlsServer({ cert, key }, (socket) => tie(socket, connect(Number(port), '127.0.0.1'))),
  );
  const tunnels: string[] = [];
  const seen: Buffer[] = [];
  const proxy = createServer((_request, response) => response.writeHead(400).end());
  proxy.on('connect', ({ url }, client: Socket) => {
    tunnels.push(url ?? '');
    client.on('data', (chunk: Buffer) => seen.push(chunk));
    const api = connect(apiPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tie(client, api);
    });
  });
  return {
    url: `http://127.0.0.1:${await listen(proxy)}`,
    tunnels,
    seen: () => Buffer.concat(seen).toString('latin1'),
    env: { PACHCA_API_URL: `https://api.example${pathname}`, PACHCA_TOKEN: simulator.token },
  };
}

// Owns the connections to the API. A file of its own, so that undici is loaded with the first request and not at the start.
import { EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';
import type { AttemptOptions } from './attempt.ts';

const CONNECT_TIMEOUT_MS = 10_000;
// Below what load balancers close idle connections at (60 s is the usual): a request sent into a closing socket is lost.
const KEEP_ALIVE_MS = 30_000;

export function openPool(options: AttemptOptions): Dispatcher {
  const { origin, proxy } = options;
  const connections = {
    connections: options.maxConnections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs) },
    // One timer of ours covers a whole attempt; undici's own are coarse, and start anew with every piece of a body.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: options.maxBodyBytes,
  };
  if (proxy === undefined || !origin.startsWith('https:')) return new Pool(origin, connections);
  // A tunnel: the proxy sees the name of the host and nothing of what is said. Nothing is left to undici's own look at the environment.
  return new EnvHttpProxyAgent({ ...connections, httpProxy: '', httpsProxy: proxy.url, noProxy: proxy.noProxy });
}

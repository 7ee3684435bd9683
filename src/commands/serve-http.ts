// Owns the life of the HTTP server as a command: it starts, says where, and ends in good order when it is told to.
import { AuditError } from '../errors.ts';
import { bearerAuthentication, fileTokens, fixedTokens, isKnown, type TokenReader } from '../mcp/authenticate.ts';
import { LOOPBACK_NAMES } from '../mcp/http-guard.ts';
import { serveOverHttp, type HttpOptions } from '../mcp/http.ts';
import type { CommandRun } from './command.ts';
import { EXIT } from './exit-codes.ts';

export interface ServeHttpRun extends HttpOptions {
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** How long calls in work may go on after that, milliseconds. */
  readonly graceMs: number;
  /** Told once it listens. */
  onListening(url: string): void;
}

/** A little less than container platforms wait before they kill. */
export const GRACE_MS = 8000;

/** Serves until `signal` is aborted and the calls in work have ended. A stop on request is no failure: exit code 0. */
export async function serveHttp(factory: Parameters<typeof serveOverHttp>[0], run: ServeHttpRun): Promise<void> {
  const serving = await serveOverHttp(factory, run);
  run.onListening(serving.url);
  await new Promise<void>((resolve) => {
    if (run.signal.aborted) resolve();
    run.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  run.log.info('http_stopping', { calls: serving.callsInWork() });
  await serving.close(run.graceMs);
  run.log.info('http_stopped');
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 3333;

/** What clients must show; undefined where nothing is set. Read once now, so that a wrong file stops the start. */
async function tokensOf({ config, clock }: CommandRun): Promise<TokenReader | undefined> {
  const { httpToken, httpTokenFile, token } = config;
  if (httpToken === undefined && httpTokenFile === undefined) return undefined;
  const read = httpTokenFile === undefined ? fixedTokens(httpToken ?? '') : fileTokens(httpTokenFile, clock);
  const tokens = token === undefined ? read : without(token, read);
  await tokens();
  return tokens;
}

/** Rejects as long as `token`, the one of Pachca, is among the tokens of `read`: a file may change while the server runs. */
function without(token: string, read: TokenReader): TokenReader {
  let checked: Awaited<ReturnType<TokenReader>> | undefined;
  return async () => {
    const tokens = await read();
    if (tokens !== checked && isKnown(token, tokens)) {
      throw new AuditError('not_configured', 'An HTTP token is the token of Pachca: every client would own the log.', {
        hint: 'Make another one with: openssl rand -hex 32',
      });
    }
    checked = tokens;
    return tokens;
  };
}

/**
 * What calls load later, loaded now: many connections may leave no descriptor to open a file with, and Node never tries again to load
 * what failed to.
 */
async function loadAhead({ tools }: CommandRun): Promise<void> {
  await Promise.all([
    ...tools.map((tool) => tool.load?.()),
    import('../journal.ts'),
    import('../installation.ts'),
    import('../http/pool.ts'),
    import('../mcp/resource-contents.ts'),
    import('../detect/catalogue.ts'),
  ]);
}

/** Serves `factory` over HTTP as it is configured. */
export async function serveHttpCommand(factory: Parameters<typeof serveOverHttp>[0], run: CommandRun): Promise<number> {
  const { config, signal, log, clock } = run;
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = config.command;
  const tokens = await tokensOf(run);
  await loadAhead(run);
  const parts = await run.openParts();
  await serveHttp(factory, {
    host,
    port,
    names: {
      allowedHosts: [...LOOPBACK_NAMES, ...(config.allowedHosts ?? [])],
      allowedOrigins: [...LOOPBACK_NAMES, ...(config.allowedOrigins ?? [])],
    },
    ...(tokens === undefined ? {} : { authenticate: bearerAuthentication(tokens) }),
    checkReady: async (checking) => {
      // A file was opened at the start; a log that is asked must know the token now.
      if (parts.settings.file === undefined) await parts.token.read({ signal: checking, fresh: true });
    },
    clock,
    log,
    signal,
    graceMs: GRACE_MS,
    onListening: (url) => log.info('http_listening', { url, authenticated: tokens !== undefined }),
  });
  return EXIT.done;
}

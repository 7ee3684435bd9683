// Owns the life of the HTTP server as a command: it starts, says where, and ends in good order when it is told to.
import { serveOverHttp, type HttpOptions } from '../mcp/http.ts';

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

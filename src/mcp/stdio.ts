// Owns the stdio transport: stdout carries protocol lines and nothing else, whatever a dependency may print.
import { Writable } from 'node:stream';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';

export interface StdioStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Gives the real stdout to the protocol and sends every other write to stderr. */
function claimStdout({ stdout, stderr }: StdioStreams): Writable {
  const write = stdout.write.bind(stdout);
  const protocol = new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, _encoding, done) => {
      write(chunk, (error) => done(error ?? null));
    },
  });
  stdout.write = stderr.write.bind(stderr);
  // Every answer that waits for its turn listens; many at once are no leak.
  protocol.setMaxListeners(0);
  return protocol;
}

/** Says when it has closed itself: after a line beyond all measure it reads no more, not even the end of stdin. */
class EndingTransport extends StdioServerTransport {
  #tell: () => void = () => undefined;
  readonly closed = new Promise<'ended'>((resolve) => {
    this.#tell = () => resolve('ended');
  });

  override async close(): Promise<void> {
    await super.close();
    this.#tell();
  }
}

/** Serves until stdin ends, the transport closes or `signal` is aborted, and says which. Requests in flight are aborted. */
export async function serveOverStdio(
  factory: McpServerFactory,
  streams: StdioStreams,
  signal: AbortSignal,
  onError: (error: Error) => void,
): Promise<'ended' | 'interrupted'> {
  const ended = new Promise<'ended' | 'interrupted'>((resolve) => {
    const end = (): void => resolve('ended');
    streams.stdin.once('end', end).once('close', end);
    // A client that is gone takes its end of the pipe with it: nobody is left to serve.
    streams.stdout.on('error', end);
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });
  const transport = new EndingTransport(streams.stdin, claimStdout(streams));
  const handle = serveStdio(factory, { transport, onerror: onError });
  const how = await Promise.race([ended, transport.closed]);
  await handle.close();
  return how;
}

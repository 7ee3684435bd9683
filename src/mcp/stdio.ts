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
  return protocol;
}

/** Serves until stdin ends; resolves then. Requests in flight are aborted. */
export async function serveOverStdio(
  factory: McpServerFactory,
  streams: StdioStreams,
  onError: (error: Error) => void,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    streams.stdin.once('end', resolve).once('close', resolve);
  });
  const transport = new StdioServerTransport(streams.stdin, claimStdout(streams));
  const handle = serveStdio(factory, { transport, onerror: onError });
  await ended;
  await handle.close();
}

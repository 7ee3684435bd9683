// Owns how resources are listed and read: the table, and the manifests of exports behind one template.
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  ResourceTemplate,
  type McpServer,
} from '@modelcontextprotocol/server';
import type { ExportShelf } from '../export/shelf.ts';
import { cleanText } from '../text/clean.ts';
import { exportUri } from './export-uri.ts';
import { RESOURCES } from './resources.ts';
import { errorAnswer, safeAnswer } from './result.ts';

const MIME_TYPE = 'application/json';
const URI_MAX = 300;

export interface ResourceParts {
  exportShelf(): Promise<ExportShelf>;
  /** Takes the token out of a text. */
  redact(text: string): string;
}

/** `read()` as the contents of `uri`, clean; its failure as a protocol error that carries code and hint. */
async function contentsOf(
  uri: URL,
  { redact }: ResourceParts,
  read: () => Record<string, unknown> | Promise<Record<string, unknown>>,
) {
  try {
    const { text } = safeAnswer({ structured: await read() }, redact);
    return { contents: [{ uri: uri.href, mimeType: MIME_TYPE, text }] };
  } catch (error) {
    const answer = errorAnswer(error, redact);
    const words = `${answer.message} ${answer.hint}`;
    if (['not_found', 'outside_export_dir'].includes(answer.code)) {
      throw new ResourceNotFoundError(cleanText(redact(uri.href), URI_MAX), words);
    }
    throw new ProtocolError(ProtocolErrorCode.InternalError, words, answer);
  }
}

/** The last part of the address, which the SDK hands on as it was written. */
function fileNameOf(name: string | string[] | undefined): string {
  const written = Array.isArray(name) ? name.join('/') : (name ?? '');
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

export function registerResources(server: McpServer, parts: ResourceParts): void {
  for (const { uri, name, title, description, read } of RESOURCES) {
    server.registerResource(name, uri, { title, description, mimeType: MIME_TYPE }, (asked) =>
      contentsOf(asked, parts, read),
    );
  }
  const template = new ResourceTemplate('pachca-audit://exports/{name}', {
    list: async () => ({
      resources: (await (await parts.exportShelf()).names()).map((fileName) => ({
        uri: exportUri(fileName),
        name: cleanText(fileName),
        title: `Manifest of ${cleanText(fileName)}`,
        mimeType: MIME_TYPE,
      })),
    }),
  });
  server.registerResource(
    'exports',
    template,
    {
      title: 'Manifests of exports',
      description: 'What an exported file holds: window, filters, counts by key and day, bytes, sha256.',
      mimeType: MIME_TYPE,
    },
    (asked, { name }) => contentsOf(asked, parts, async () => (await parts.exportShelf()).manifest(fileNameOf(name))),
  );
}

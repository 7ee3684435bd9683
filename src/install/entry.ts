// Owns the entry of this server in the configuration of a client, and the links that carry the same entry.
import type { ClientInfo } from './clients.ts';

export const SERVER_NAME = 'pachca-audit';

/** How the server is started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Settings that it finds in its environment alone. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its token comes from; absent where it needs none (`--demo`, `--from`). */
  readonly token?: {
    /** The file that holds it, as the user named it. */
    readonly file?: string;
    /** The file that holds it where nobody named one. */
    readonly defaultFile: string;
  };
}

export interface ServerEntry {
  readonly type: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A question that VS Code asks at the first start; it keeps the answer encrypted. */
export interface SecretInput {
  readonly type: 'promptString';
  readonly id: string;
  readonly description: string;
  readonly password: true;
}

export interface Installation {
  readonly entry: ServerEntry;
  readonly inputs: readonly SecretInput[];
}

const TOKEN_INPUT: SecretInput = {
  type: 'promptString',
  id: 'pachca-token',
  description: 'Pachca token of the workspace owner with the scope audit_events:read',
  password: true,
};

/** The entry never holds the token: it names a file that only the user can read, or has the client ask. */
export function installationFor(client: Pick<ClientInfo, 'asksForSecrets'>, launch: Launch): Installation {
  const { command, args, token, env = {} } = launch;
  const start = { type: 'stdio', command, args } as const;
  if (token === undefined) return { entry: start, inputs: [] };
  if (client.asksForSecrets && token.file === undefined) {
    return { entry: { ...start, env: { ...env, PACHCA_TOKEN: `\${input:${TOKEN_INPUT.id}}` } }, inputs: [TOKEN_INPUT] };
  }
  return { entry: { ...start, env: { ...env, PACHCA_TOKEN_FILE: token.file ?? token.defaultFile } }, inputs: [] };
}

/** Opens Cursor, which asks whether to add the server. */
export function cursorLink({ entry }: Installation): string {
  const config = encodeURIComponent(Buffer.from(JSON.stringify(entry)).toString('base64'));
  return `cursor://anysphere.cursor-deeplink/mcp/install?name=${SERVER_NAME}&config=${config}`;
}

/** Opens VS Code, which asks whether to add the server. */
export function vscodeLink({ entry, inputs }: Installation): string {
  const server = { name: SERVER_NAME, ...entry, ...(inputs.length > 0 ? { inputs } : {}) };
  // Parentheses would end a link in Markdown.
  return `vscode:mcp/install?${encodeURIComponent(JSON.stringify(server)).replaceAll('(', '%28').replaceAll(')', '%29')}`;
}

// Owns what is known of each client: where its configuration lies, how it is written, and how it takes a secret.
import { join } from 'node:path';
import type { Text } from '../text/lang.ts';

export const CLIENT_NAMES = ['claude-code', 'claude-desktop', 'cursor', 'vscode'] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

export interface Places {
  readonly homeDir: string;
  /** Where the command was called: the folder of a project. */
  readonly workDir: string;
  /** Where applications of this platform keep their configuration. */
  readonly appConfigDir: string;
}

export interface ClientInfo {
  readonly title: string;
  configPath(places: Places): string;
  /** The object of the file that holds the servers. */
  readonly serversKey: 'mcpServers' | 'servers';
  /** Whether the client reads comments; one that does not would not read its file again. */
  readonly allowsComments: boolean;
  /** Whether the client asks for a secret itself and keeps it encrypted. */
  readonly asksForSecrets: boolean;
  /** What makes the client read its file again. */
  readonly next: Text;
}

export const CLIENTS = {
  'claude-code': {
    title: 'Claude Code',
    configPath: ({ workDir }) => join(workDir, '.mcp.json'),
    serversKey: 'mcpServers',
    allowsComments: false,
    asksForSecrets: false,
    next: {
      en: 'Start claude in this folder, and allow the server when it asks; /mcp shows it.',
      ru: 'Запустите claude в этой папке и разрешите сервер, когда он спросит; /mcp покажет его.',
    },
  },
  'claude-desktop': {
    title: 'Claude Desktop',
    configPath: ({ appConfigDir }) => join(appConfigDir, 'Claude', 'claude_desktop_config.json'),
    serversKey: 'mcpServers',
    allowsComments: false,
    asksForSecrets: false,
    next: {
      en: 'Quit Claude Desktop altogether and start it again.',
      ru: 'Полностью закройте Claude Desktop и запустите снова.',
    },
  },
  cursor: {
    title: 'Cursor',
    configPath: ({ homeDir }) => join(homeDir, '.cursor', 'mcp.json'),
    serversKey: 'mcpServers',
    allowsComments: true,
    asksForSecrets: false,
    next: {
      en: 'Switch the server on in the settings of Cursor, under MCP.',
      ru: 'Включите сервер в настройках Cursor, раздел MCP.',
    },
  },
  vscode: {
    title: 'VS Code',
    configPath: ({ workDir }) => join(workDir, '.vscode', 'mcp.json'),
    serversKey: 'servers',
    allowsComments: true,
    asksForSecrets: true,
    next: {
      en: 'Open this folder in VS Code and start the server with "MCP: List Servers".',
      ru: 'Откройте эту папку в VS Code и запустите сервер командой «MCP: List Servers».',
    },
  },
} as const satisfies Record<ClientName, ClientInfo>;

export function isClientName(name: string): name is ClientName {
  return Object.hasOwn(CLIENTS, name);
}

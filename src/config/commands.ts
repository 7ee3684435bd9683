// Owns the one table of commands: what each does and which options it takes. The command line and its help come from it.
import { z } from 'zod';

/** One option of a command. With `argument`, it is handed to the tool behind the command under that name. */
export interface CommandOption {
  /** As the command line takes it, with its placeholder. */
  readonly flag: string;
  readonly kind: 'text' | 'list' | 'integer' | 'switch';
  readonly meaning: string;
  readonly argument?: string;
}

export interface CommandEntry {
  readonly summary: string;
  /** What stands behind the command's name, such as `<manifest>`. */
  readonly operand?: string;
  readonly operandMeaning?: string;
  /** Runs where no command is named. */
  readonly isDefault?: true;
  /** Hands the flags of settings on to the server that it writes down. */
  readonly passesSettings?: true;
  readonly options: readonly CommandOption[];
}

/** Options that a command keeps for itself instead of handing them to its tool. */
export const ownOptionsSchema = z.strictObject({
  /** `--out`: name of the file in the export folder. */
  out: z.string().exactOptional(),
  /** `--json`: the answer as JSON instead of a report. */
  json: z.boolean().exactOptional(),
  /** `--http`: serves over Streamable HTTP instead of stdio. */
  http: z.boolean().exactOptional(),
  /** `--host`: the address to listen on. */
  host: z.string().exactOptional(),
  /** `--port`: 0 for any free one. */
  port: z.number().exactOptional(),
  /** `--before`: a day. */
  before: z.string().exactOptional(),
  /** `--dry-run`: says what it would do, and does nothing. */
  dryRun: z.boolean().exactOptional(),
});

const START: CommandOption = {
  flag: '--start <time>',
  kind: 'text',
  meaning: 'first moment: 2026-03-01, 2026-03-01T14:00:00+03:00, now-7d; without it, 24 hours before the end',
  argument: 'start_time',
};
const END: CommandOption = {
  flag: '--end <time>',
  kind: 'text',
  meaning: 'end of the window; a bare date includes that day; without it, now',
  argument: 'end_time',
};
const ACTOR: CommandOption = {
  flag: '--actor <person>',
  kind: 'text',
  meaning: 'who acted: id, e-mail, @nickname or full name',
  argument: 'actor',
};

const FILTERS: readonly CommandOption[] = [
  START,
  END,
  {
    flag: '--event-keys <keys>',
    kind: 'list',
    meaning: 'only these event keys, separated by commas',
    argument: 'event_keys',
  },
  {
    flag: '--event-group <group>',
    kind: 'text',
    meaning: 'only the event keys of this group',
    argument: 'event_group',
  },
  ACTOR,
  { flag: '--actor-type <type>', kind: 'text', meaning: 'type of who acted', argument: 'actor_type' },
  { flag: '--entity-id <id>', kind: 'text', meaning: 'id of what was acted on', argument: 'entity_id' },
  {
    flag: '--entity-type <type>',
    kind: 'text',
    meaning: 'type of what was acted on, such as User or Chat',
    argument: 'entity_type',
  },
  { flag: '--chat-id <id>', kind: 'text', meaning: 'the chat, as entity or in the details', argument: 'chat_id' },
  { flag: '--ip-address <address>', kind: 'text', meaning: 'an address or a CIDR range', argument: 'ip_address' },
  {
    flag: '--time-of-day <hours>',
    kind: 'text',
    meaning: 'only these hours, such as 22:00-06:00',
    argument: 'time_of_day',
  },
];

const JSON_SWITCH: CommandOption = { flag: '--json', kind: 'switch', meaning: 'prints the answer as JSON' };

/** Words that only hold commands: those whose names begin with them. */
export const GROUPS: Readonly<Record<string, string>> = {
  store: 'the local store: what it holds, filling it, deleting it',
};

export const COMMANDS = {
  serve: {
    summary: 'the MCP server: on stdio, or with --http over Streamable HTTP at /mcp',
    isDefault: true,
    options: [
      { flag: '--http', kind: 'switch', meaning: 'serves over Streamable HTTP instead of stdio' },
      {
        flag: '--host <address>',
        kind: 'text',
        meaning:
          'the address to listen on (default 127.0.0.1); any that others can reach needs PACHCA_AUDIT_HTTP_TOKEN',
      },
      { flag: '--port <number>', kind: 'integer', meaning: 'the port to listen on (default 3333); 0 for any free one' },
    ],
  },
  export: {
    summary: 'writes the events of a window to a file with a manifest',
    options: [
      ...FILTERS,
      { flag: '--format <format>', kind: 'text', meaning: 'ndjson (default) or csv', argument: 'format' },
      { flag: '--compression <kind>', kind: 'text', meaning: 'none (default) or gzip', argument: 'compression' },
      { flag: '--out <file>', kind: 'text', meaning: 'name of the file in the export folder' },
      { flag: '--overwrite', kind: 'switch', meaning: 'replaces a file of that name', argument: 'overwrite' },
    ],
  },
  suspicious: {
    summary: 'reports suspicious logins; exit code 10 when a finding is high or critical',
    options: [
      START,
      END,
      ACTOR,
      { flag: '--rules <rules>', kind: 'list', meaning: 'only these rules, separated by commas', argument: 'rules' },
      {
        flag: '--min-severity <severity>',
        kind: 'text',
        meaning: 'low (default), medium, high or critical',
        argument: 'min_severity',
      },
      {
        flag: '--baseline-days <days>',
        kind: 'integer',
        meaning: 'days before the window that show what is usual (default 30)',
        argument: 'baseline_days',
      },
      { flag: '--json', kind: 'switch', meaning: 'prints the answer of the tool as JSON' },
    ],
  },
  verify: {
    summary: 'checks an export against its manifest, or the journal of calls against its chain of digests',
    operand: '<manifest>',
    operandMeaning: "path of the manifest; or the journal's folder, or one of its files",
    options: [],
  },
  'store status': { summary: 'what the local store covers, and how big it is', options: [JSON_SWITCH] },
  'store fill': {
    summary: 'reads the closed days of a window that are not kept yet: for every night',
    options: [
      {
        flag: '--start <time>',
        kind: 'text',
        meaning: 'first day, such as 2026-03-01 or now-30d; without it, as far back as log and store go',
        argument: 'start_time',
      },
      { flag: '--end <time>', kind: 'text', meaning: 'last day; without it, now', argument: 'end_time' },
      {
        flag: '--event-keys <keys>',
        kind: 'list',
        meaning: 'only these event keys, separated by commas; without it, all, unknown ones too',
        argument: 'event_keys',
      },
      JSON_SWITCH,
    ],
  },
  'store purge': {
    summary: 'deletes what the local store holds',
    options: [
      { flag: '--before <day>', kind: 'text', meaning: 'only days before this one, UTC, such as 2026-03-01' },
      JSON_SWITCH,
    ],
  },
  install: {
    summary: 'writes this server into the configuration of claude-code, claude-desktop, cursor or vscode',
    operand: '<client>',
    operandMeaning: 'claude-code (.mcp.json here), claude-desktop, cursor, or vscode (.vscode/mcp.json here)',
    passesSettings: true,
    options: [{ flag: '--dry-run', kind: 'switch', meaning: 'prints the entry and writes nothing' }],
  },
  check: { summary: 'token, scopes, plan, reachability and store, in words', options: [] },
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof COMMANDS;

/** The table as pairs, with the types of an entry instead of those of its literals. */
export const COMMAND_LIST: readonly (readonly [name: string, entry: CommandEntry])[] = Object.entries(COMMANDS);

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

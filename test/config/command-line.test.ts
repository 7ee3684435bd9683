// Tests which command a line names, with which options, and what an unknown one is told.
import { describe, expect, test } from 'vitest';
import { parseCommandLine, type CommandLine } from '../../src/config/command-line.ts';
import { COMMAND_LIST } from '../../src/config/commands.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { thisMachine } from '../../src/config/machine.ts';
import { AuditError } from '../../src/errors.ts';

const { list } = settingsOf(thisMachine('1.2.3'), {});
const parse = (...argv: string[]): CommandLine => parseCommandLine(argv, list, '1.2.3');

function call(...argv: string[]) {
  const line = parse(...argv);
  if (line.kind !== 'call') throw new Error('a text was printed');
  return line;
}

function text(...argv: string[]): string {
  const line = parse(...argv);
  if (line.kind !== 'print') throw new Error('a command was called');
  return line.text;
}

function failure(...argv: string[]): AuditError {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseCommandLine', () => {
  test('serves where no command is named', () => {
    expect(call()).toEqual({ kind: 'call', demo: false, flags: {}, call: { name: 'serve', input: {} } });
    expect(call('--demo', '--rate', '5')).toMatchObject({ demo: true, flags: { rate: '5' }, call: { name: 'serve' } });
  });

  test('lays out every variable of the environment, none run together with its meaning', () => {
    const lines = text('--help').split('\n');
    const isRunTogether = ({ env }: { env?: string | undefined }) =>
      env !== undefined && !lines.some((line) => new RegExp(`^  ${env}  +\\S`).test(line));
    expect(list.map(([, setting]) => setting).filter(isRunTogether)).toEqual([]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([['export'], ['suspicious'], ['check']])('takes --demo and settings before and behind %s', (name) => {
    for (const argv of [
      ['--demo', '--lang', 'ru', name],
      [name, '--demo', '--lang', 'ru'],
    ]) {
      expect(call(...argv)).toEqual({ kind: 'call', demo: true, flags: { lang: 'ru' }, call: { name, input: {} } });
    }
  });

  test('knows the commands of the store, before and behind settings', () => {
    for (const argv of [
      ['store', 'purge', '--before', '2026-03-01', '--store-dir', '/srv/store'],
      ['--store-dir', '/srv/store', 'store', 'purge', '--before', '2026-03-01'],
    ]) {
      expect(call(...argv)).toEqual({
        kind: 'call',
        demo: false,
        flags: { storeDir: '/srv/store' },
        call: { name: 'store purge', input: {}, before: '2026-03-01' },
      });
    }
    expect(call('store', 'fill', '--start', 'now-7d', '--event-keys', 'user_login').call).toEqual({
      name: 'store fill',
      input: { start_time: 'now-7d', event_keys: ['user_login'] },
    });
  });

  test.each([[['--no-store', 'check']], [['check', '--no-store']], [['store', '--no-store', 'status']]])(
    'takes --no-store anywhere: %j',
    (argv) => expect(call(...argv).isWithoutStore).toBe(true),
  );

  test.each([
    [['store'], 'store status, store fill, store purge'],
    [['store', 'stauts'], 'status'],
  ])('says what may stand behind store: %j', (argv, words) => {
    const error = failure(...argv);
    expect(error.code).toBe('invalid_input');
    expect(error.hint).toContain(words);
  });

  test('hands the options of export to its tool under the names of the tool', () => {
    const argv =
      'export --start 2026-03-01 --end 2026-03-10 --event-keys user_login,user_logout --event-keys user_2fa_fail --event-group auth --actor @anna --actor-type User --entity-id 7 --entity-type Chat --chat-id 8 --ip-address 10.0.0.0/8 --time-of-day 22:00-06:00 --format csv --compression gzip --out march.csv --overwrite';
    expect(call(...argv.split(' ')).call).toEqual({
      name: 'export',
      input: {
        start_time: '2026-03-01',
        end_time: '2026-03-10',
        event_keys: ['user_login', 'user_logout', 'user_2fa_fail'],
        event_group: 'auth',
        actor: '@anna',
        actor_type: 'User',
        entity_id: '7',
        entity_type: 'Chat',
        chat_id: '8',
        ip_address: '10.0.0.0/8',
        time_of_day: '22:00-06:00',
        format: 'csv',
        compression: 'gzip',
        overwrite: true,
      },
      out: 'march.csv',
    });
  });

  test('hands the options of suspicious to its tool, and keeps --json', () => {
    const argv = 'suspicious --start now-7d --rules L1,L2 --min-severity high --baseline-days 60 --json';
    expect(call(...argv.split(' ')).call).toEqual({
      name: 'suspicious',
      input: { start_time: 'now-7d', rules: ['L1', 'L2'], min_severity: 'high', baseline_days: 60 },
      json: true,
    });
  });

  test('gives verify its manifest', () => {
    expect(call('verify', 'march.ndjson.manifest.json').call).toEqual({
      name: 'verify',
      input: {},
      operand: 'march.ndjson.manifest.json',
    });
  });

  test.each([
    [['exprot', '--start', 'now-1d'], 'Unknown command "exprot".', 'Did you mean export?'],
    [['--demo', 'chek'], 'Unknown command "chek".', 'Did you mean check?'],
    [['\u001B[31mserver'], 'Unknown command "server".', '--help'],
    [['export', '--strat', 'x'], "Unknown option '--strat'.", 'Did you mean --start?'],
    [['--rat', '5'], "Unknown option '--rat'.", 'Did you mean --rate?'],
    [['export', '--json'], "Unknown option '--json'.", '--help'],
    [['verify'], "Missing required argument 'manifest'.", '--help'],
    [['verify', 'a', 'b'], "Too many arguments for 'verify'.", '--help'],
    [['check', 'now'], "Too many arguments for 'check'.", '--help'],
    [['export', '--start'], "Option '--start <time>' argument missing.", '--help'],
    [
      ['suspicious', '--baseline-days', 'many'],
      "Option '--baseline-days <days>' argument 'many' is invalid.",
      '--help',
    ],
  ])('refuses %j and says what is wrong', (argv, message, hint) => {
    const error = failure(...argv);
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain(message);
    expect(`${error.hint}`).toContain(hint);
  });

  test('names an unknown command with the right ones', () => {
    expect(failure('watch').fields).toEqual([
      {
        field: 'command',
        message: 'unknown command',
        value: 'watch',
        allowed: ['serve', 'export', 'suspicious', 'verify', 'store', 'install', 'check'],
      },
    ]);
  });

  test.each([
    ['--token=canary-1'],
    ['--token', 'canary-1'],
    ['export', '--pachca-token=canary-1'],
    ['--api-token', 'canary-1'],
    ['--tokn=canary-1'],
    ['export', '-x=canary-1'],
  ])('never repeats what may be a token: %s %s', (...argv) => {
    const error = failure(...argv);
    expect(JSON.stringify([error.message, error.hint, error.fields])).not.toContain('canary-1');
  });

  test('says where the token belongs when it is given as a flag', () => {
    for (const flag of ['--token', '--api-token=x', '--PACHCA-TOKEN']) {
      expect(failure(flag).hint).toContain('PACHCA_TOKEN_FILE');
    }
  });

  test('prints the version', () => {
    expect(text('--version')).toBe('1.2.3\n');
  });

  test('explains every command, option and setting in its help', () => {
    const all = text('--help');
    const names = list.flatMap(([, { env, flag }]) => [env, flag]).filter((name) => name !== undefined);
    for (const name of names) expect(all).toContain(name);
    for (const [name, entry] of COMMAND_LIST) {
      const words = name.split(' ');
      const listedIn = words.length === 1 ? all : text(...words.slice(0, -1), '--help');
      expect(listedIn).toContain(`\n  ${words.at(-1)} `);
      const own = text(...words, '--help');
      expect(own).toContain(entry.summary.slice(0, 40));
      for (const { flag } of entry.options) expect(own).toContain(flag);
      expect(text(...words.slice(0, -1), 'help', words.at(-1) ?? '')).toBe(own);
    }
  });
});

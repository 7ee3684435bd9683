// Tests how settings come from flags, the environment and files, and how wrong ones are refused.
import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { thisMachine } from '../src/config/machine.ts';
import { CANARY, config, failure, machine } from './support/config.ts';

describe('readConfig', () => {
  test('keeps the made-up exports of --demo apart from real ones, unless told where', async () => {
    expect((await config({}, ['--demo'])).exportDir).toBe('/home/anna/pachca-audit/demo-exports');
    expect((await config({ PACHCA_AUDIT_EXPORT_DIR: '/srv/exports' }, ['--demo'])).exportDir).toBe('/srv/exports');
    expect((await config({}, ['--demo', '--export-dir', '/srv/exports'])).exportDir).toBe('/srv/exports');
  });

  test('has its defaults', async () => {
    expect(await config({})).toEqual({
      apiUrl: 'https://api.pachca.com/api/shared/v1',
      exportDir: '/home/anna/pachca-audit/exports',
      storeDays: 90,
      storeLateHours: 24,
      isWithoutStore: false,
      rate: 48,
      maxRequests: 1000,
      deadlineMs: 45_000,
      lang: 'en',
      command: { name: 'serve', input: {} },
      demo: false,
    });
  });

  test('takes a file to answer from, without token and API', async () => {
    const { from, token, demo } = await config({ PACHCA_TOKEN: CANARY }, [
      'check',
      '--from',
      '~/evidence/march.ndjson.gz',
    ]);
    expect({ from, token, demo }).toEqual({
      from: '/home/anna/evidence/march.ndjson.gz',
      token: undefined,
      demo: false,
    });
  });

  test.each([
    ['two sources', ['--demo', '--from', 'a.ndjson']],
    ['a source without a name', ['--from', ' ']],
  ])('refuses %s', async (_what, argv) => {
    const error = await failure({}, argv);
    expect([error.code, error.fields?.[0]?.field]).toEqual(['invalid_input', '--from']);
  });

  test('reads lists of ids and names', async () => {
    const { alertTo, tools, excludeTools } = await config({ PACHCA_AUDIT_ALERT_TO: '12, 34,12' }, [
      '--tools=list_audit_events,check_access',
      '--exclude-tools',
      'check_access',
    ]);
    expect({ alertTo, tools, excludeTools }).toEqual({
      alertTo: ['12', '34'],
      tools: ['list_audit_events', 'check_access'],
      excludeTools: ['check_access'],
    });
    expect((await failure({ PACHCA_AUDIT_ALERT_TO: 'anna@example.com' })).fields?.[0]?.field).toBe(
      'PACHCA_AUDIT_ALERT_TO',
    );
    expect((await failure({}, ['--tools', 'a,,b'])).fields?.[0]?.field).toBe('--tools');
  });

  test('reads every setting of the environment', async () => {
    const env = {
      PACHCA_TOKEN: CANARY,
      PACHCA_API_URL: 'https://proxy.example/pachca/',
      PACHCA_AUDIT_EXPORT_DIR: '/srv/exports',
      PACHCA_AUDIT_STORE_DIR: '~/store',
      PACHCA_AUDIT_STORE_DAYS: '400',
      PACHCA_AUDIT_STORE_LATE_HOURS: '48',
      PACHCA_AUDIT_RATE: '0.5',
      PACHCA_AUDIT_MAX_REQUESTS: '10',
      PACHCA_AUDIT_DEADLINE_MS: '1000',
      PACHCA_AUDIT_TIME_ZONE: 'asia/tokyo',
      PACHCA_AUDIT_LANG: 'ru',
    };
    expect(await config(env)).toMatchObject({
      token: CANARY,
      apiUrl: 'https://proxy.example/pachca',
      exportDir: '/srv/exports',
      storeDir: '/home/anna/store',
      storeDays: 400,
      storeLateHours: 48,
      rate: 0.5,
      maxRequests: 10,
      deadlineMs: 1000,
      timeZone: 'Asia/Tokyo',
      lang: 'ru',
    });
  });

  test('lets flags win over the environment', async () => {
    const env = { PACHCA_AUDIT_RATE: '10', PACHCA_AUDIT_LANG: 'en' };
    expect(await config(env, ['check', '--rate', '20', '--lang', 'ru'])).toMatchObject({ rate: 20, lang: 'ru' });
  });

  test.each([
    [['serve', '--http', '--host', '']],
    [['serve', '--http', '--host', ' ']],
    [['serve', '--export-dir', '']],
    [['store', 'status', '--store-dir', '  ']],
    [['--export-dir=']],
    [['export', '--start', '']],
    [['--time-zone', '']],
  ])('refuses a flag without a value: %j', async (argv) => {
    const flag = argv.findLast((word) => word.startsWith('--'))?.replace('=', '');
    const error = await failure({}, argv);
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('is empty') });
    expect(error.fields?.[0]?.field).toBe(flag);
  });

  test('takes an empty value for unset', async () => {
    const env = { PACHCA_TOKEN: ' ', PACHCA_TOKEN_FILE: '', PACHCA_API_URL: '', PACHCA_AUDIT_RATE: '  ' };
    expect(await config(env)).toMatchObject({ rate: 48, apiUrl: 'https://api.pachca.com/api/shared/v1' });
    expect((await config(env)).token).toBeUndefined();
  });

  test('takes a proxy as other programs do, and shows no password of it', async () => {
    expect((await config({ https_proxy: 'proxy.example:3128', NO_PROXY: '.corp' })).proxy).toBe(
      'http://proxy.example:3128',
    );
    expect((await config({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' })).proxy).toBe('http://a:1');
    const error = await failure({ HTTPS_PROXY: `ftp://anna:${CANARY}@proxy.example` });
    expect(error.fields).toEqual([
      { field: 'HTTPS_PROXY', message: 'not the URL of a proxy of http, https or socks5' },
    ]);
    expect(error.message).not.toContain(CANARY);
    expect((await config({ HTTPS_PROXY: 'ftp://proxy.example' }, ['--demo'])).proxy).toBeUndefined();
  });

  test('is frozen to its depth', async () => {
    const frozen = await config({}, ['export', '--event-keys', 'user_login']);
    expect(Object.isFrozen(frozen)).toBe(true);
    expect(Object.isFrozen(frozen.command.input['event_keys'])).toBe(true);
  });

  test.each([
    ['~/x', '/home/anna/x'],
    ['~', '/home/anna'],
    ['exports', '/work/here/exports'],
    ['/a/../b', '/b'],
    ['~other/x', '/work/here/~other/x'],
  ])('takes the folder %s for %s', async (written, path) => {
    expect((await config({}, ['--export-dir', written])).exportDir).toBe(path);
  });

  test.each([
    [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
    [{ LANG: 'ru_RU.UTF-8', LC_ALL: 'C' }, 'en'],
    [{ LC_ALL: '', LC_MESSAGES: 'ru' }, 'ru'],
    [{ LANG: 'de_DE' }, 'en'],
    [{ LANG: 'ru', PACHCA_AUDIT_LANG: 'en' }, 'en'],
  ])('takes the language of %j for %s', async (env, lang) => {
    expect((await config(env)).lang).toBe(lang);
  });

  test('takes the language of the system where the environment names none', async () => {
    expect((await config({}, [], { ...machine, locale: 'ru-RU' })).lang).toBe('ru');
  });

  test.each([
    'http://localhost:8080',
    'http://127.0.0.1:1/x',
    'http://127.8.8.8',
    'http://[::1]:8080',
    'https://api.example',
  ])('accepts the base URL %s', async (url) => {
    expect((await config({ PACHCA_API_URL: url })).apiUrl).toBe(url);
  });

  test.each([
    ['PACHCA_API_URL', 'http://api.pachca.com', 'plain http'],
    ['PACHCA_API_URL', 'http://localhost.evil.example', 'plain http'],
    ['PACHCA_API_URL', 'http://127.0.0.1.evil.example', 'plain http'],
    ['PACHCA_API_URL', 'ftp://127.0.0.1', 'not an http'],
    ['PACHCA_API_URL', 'api.pachca.com', 'not a'],
    ['PACHCA_API_URL', 'https://a.example/?x=1', 'query'],
    ['PACHCA_AUDIT_RATE', '0', '0.1 to 10000'],
    ['PACHCA_AUDIT_RATE', '10001', '0.1 to 10000'],
    ['PACHCA_AUDIT_RATE', 'fast', '0.1 to 10000'],
    ['PACHCA_AUDIT_RATE', 'Infinity', '0.1 to 10000'],
    ['PACHCA_AUDIT_MAX_REQUESTS', '1.5', 'whole number'],
    ['PACHCA_AUDIT_MAX_REQUESTS', '-1', 'whole number'],
    ['PACHCA_AUDIT_DEADLINE_MS', '45s', 'whole number'],
    ['PACHCA_AUDIT_TIME_ZONE', 'Moscow', 'IANA'],
    ['PACHCA_AUDIT_LANG', 'de', 'en or ru'],
  ])('refuses %s=%s as not configured, and names it', async (name, value, message) => {
    const error = await failure({ [name]: value });
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain(message);
    expect(error.fields).toMatchObject([{ field: name, value }]);
  });

  test('refuses a wrong flag as input, and names the flag', async () => {
    const error = await failure({ PACHCA_AUDIT_RATE: '10' }, ['--rate', '100000']);
    expect(error).toMatchObject({ code: 'invalid_input', fields: [{ field: '--rate', value: '100000' }] });
  });

  test('names all wrong settings at once', async () => {
    const error = await failure({ PACHCA_AUDIT_RATE: 'x', PACHCA_AUDIT_LANG: 'y' });
    expect(error.fields?.map(({ field }) => field)).toEqual(['PACHCA_AUDIT_RATE', 'PACHCA_AUDIT_LANG']);
  });

  test('gives help and version as text', async () => {
    expect(await readConfig(['--version'], {}, machine)).toEqual({ kind: 'print', text: '1.2.3\n' });
    expect((await readConfig(['--help'], { PACHCA_AUDIT_RATE: 'wrong' }, machine)).kind).toBe('print');
  });

  test('reads no token in a demonstration', async () => {
    for (const argv of [['--demo'], ['export', '--demo']]) {
      const demo = await config({ PACHCA_TOKEN: CANARY, PACHCA_API_URL: 'wrong', PACHCA_TOKEN_FILE: '/nowhere' }, argv);
      expect(demo.demo).toBe(true);
      expect(demo.token).toBeUndefined();
    }
  });
});

describe('thisMachine', () => {
  test('says where this machine is', () => {
    expect(thisMachine('1.2.3')).toMatchObject({ version: '1.2.3', homeDir: homedir(), workDir: process.cwd() });
  });
});

// Tests the program's own log: lines of JSON, levels, and secrets that are out of them.
import { array, assert, constantFrom, property, string, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuditError } from '../src/errors.ts';
import { createLog, LOG_LEVELS, type LogFields, type LogLevel } from '../src/log.ts';
import { redact } from '../src/text/redact.ts';
import { forbiddenCharacters, HOSTILE_CORPUS } from './support/hostile-corpus.ts';

const CANARY = 'canary-token-9f2c';

function logged(fields: LogFields, message = 'said', level: LogLevel = 'debug'): Record<string, unknown> {
  const lines: string[] = [];
  const clock = { now: () => Date.parse('2026-03-01T12:00:00Z') };
  const log = createLog({ write: (line) => lines.push(line), secrets: () => [CANARY], clock, level });
  log.info(message, fields);
  expect(lines).toHaveLength(1);
  const line = lines[0] ?? '';
  expect(line.endsWith('\n')).toBe(true);
  expect(line.slice(0, -1)).not.toContain('\n');
  expect(line).not.toContain(CANARY);
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== 'object' || entry === null) throw new Error('no object');
  return { ...entry };
}

describe('createLog', () => {
  test('writes one line of JSON with time, level, message and fields', () => {
    expect(logged({ tool: 'check_access', requests: 3, cached: true, nothing: null, gone: undefined })).toEqual({
      time: '2026-03-01T12:00:00.000Z',
      level: 'info',
      message: 'said',
      tool: 'check_access',
      requests: 3,
      cached: true,
      nothing: null,
    });
  });

  test('leaves out what is below its level', () => {
    for (const [index, level] of LOG_LEVELS.entries()) {
      const lines: string[] = [];
      const log = createLog({ write: (line) => lines.push(line), secrets: () => [], clock: { now: () => 0 }, level });
      for (const at of LOG_LEVELS) log[at]('x');
      expect(lines).toHaveLength(LOG_LEVELS.length - index);
    }
  });

  test('asks for the secrets at every entry', () => {
    const secrets: string[] = [];
    const lines: string[] = [];
    const log = createLog({
      write: (line) => lines.push(line),
      secrets: () => secrets,
      clock: { now: () => 0 },
      level: 'info',
    });
    secrets.push(CANARY);
    log.info(CANARY);
    expect(lines.join('')).not.toContain(CANARY);
  });

  test('shows no secret in a message, key, list, map, URL or header', () => {
    const entry = logged(
      {
        text: `Bearer ${CANARY}`,
        hidden: `can\u200Bary-token\u202E-9f2c`,
        [CANARY]: 'as a key',
        list: [[CANARY]],
        map: new Map([[CANARY, CANARY]]),
        set: new Set([CANARY]),
        url: new URL(`https://x.example/?t=${CANARY}`),
        form: new URLSearchParams({ t: CANARY }),
        basic: Buffer.from(`user:${CANARY}`).toString('base64'),
        bytes: Buffer.from(CANARY),
        headers: { authorization: 'Bearer some-other-token', Cookie: 'session=1' },
      },
      `failed with ${CANARY}`,
    );
    expect(entry).toMatchObject({
      message: 'failed with [redacted]',
      hidden: '[redacted]',
      list: [['[redacted]']],
      bytes: `[${CANARY.length} bytes]`,
      headers: { authorization: '[redacted]', Cookie: '[redacted]' },
    });
    expect(JSON.stringify(entry)).not.toContain(Buffer.from(CANARY).toString('base64').slice(4, 16));
  });

  test('shows no secret of an error: message, stack, cause, fields, errors inside', () => {
    const cause = Object.assign(new Error(`cause ${CANARY}`), {
      request: { headers: { authorization: `Bearer ${CANARY}` } },
    });
    const error = new AuditError('network', `failed ${CANARY}`, { cause, hint: `not ${CANARY}`, status: 502 });
    const entry = logged({ error, all: new AggregateError([error, CANARY], CANARY) });
    expect(entry['error']).toMatchObject({
      name: 'AuditError',
      message: 'failed [redacted]',
      code: 'network',
      status: 502,
      hint: 'not [redacted]',
      cause: { name: 'Error', message: 'cause [redacted]', request: { headers: { authorization: '[redacted]' } } },
      stack: expect.stringContaining('log.test.ts'),
    });
  });

  test('shows no secret that was cut in two at the end of a long text', () => {
    const entry = logged({ text: `${'x'.repeat(3990)}${CANARY}` });
    expect(entry['text']).not.toContain('canary');
  });

  test('shows hostile text clean', () => {
    const entry = logged({ texts: HOSTILE_CORPUS.map(({ text }) => ({ [text]: text })) });
    expect(forbiddenCharacters(JSON.stringify(entry))).toEqual([]);
  });

  test('survives cycles, depth, length and values that are no JSON', () => {
    const cycle: Record<string, unknown> = { name: 'cycle' };
    cycle['self'] = cycle;
    const deep = Array.from({ length: 1000 }).reduce<unknown>((inner) => ({ inner }), 'bottom');
    const entry = logged({
      cycle,
      deep,
      long: Array.from({ length: 5000 }, (_, index) => index),
      big: 12n,
      call: () => CANARY,
      symbol: Symbol(CANARY),
      date: new Date(Number.NaN),
      twice: [cycle, cycle],
    });
    expect(entry).toMatchObject({ cycle: { name: 'cycle', self: '[circular]' }, big: '12', date: 'invalid date' });
    expect(JSON.stringify(entry['deep'])).toContain('[deeper]');
    expect(entry['long']).toHaveLength(101);
    expect(entry).not.toHaveProperty('call');
  });

  test('says that there was something to say when a value cannot be read', () => {
    const trap = {
      get value(): string {
        throw new Error(CANARY);
      },
    };
    expect(logged({ trap })).toEqual({
      time: '2026-03-01T12:00:00.000Z',
      level: 'info',
      message: 'a log entry could not be written',
    });
  });

  test('lets no field take the place of time, level or message', () => {
    expect(logged({ level: 'error', message: 'forged', time: 'never' })).toEqual({
      time: '2026-03-01T12:00:00.000Z',
      level: 'info',
      message: 'said',
      level_: 'error',
      message_: 'forged',
      time_: 'never',
    });
  });
});

const SECRET = 'cAn4ry/+t0ken="9f2c"~%&';

describe('redact', () => {
  test.each([
    ['as it is', SECRET],
    ['in a header', `Bearer ${SECRET}`],
    ['in a URL', `https://x/?token=${encodeURIComponent(SECRET)}`],
    [
      'in a URL with small hexadecimal digits',
      encodeURIComponent(SECRET).replaceAll('%2F', '%2f').replaceAll('%2B', '%2b'),
    ],
    ['in a path', encodeURI(SECRET)],
    ['in a form', new URLSearchParams({ token: SECRET }).toString()],
    ['in JSON', JSON.stringify({ token: SECRET })],
    ['twice', `${SECRET} and ${SECRET}`],
  ])('blots a secret out %s', (_name, text) => {
    const shown = redact(text, [SECRET]);
    expect(shown).toContain('[redacted]');
    expect(shown).not.toContain('cAn4ry');
  });

  test('blots a secret out of base64 wherever it begins, in both alphabets', () => {
    assert(
      property(
        uint8Array({ maxLength: 7 }),
        uint8Array({ maxLength: 7 }),
        constantFrom('base64', 'base64url'),
        (before, after, alphabet) => {
          const bytes = Buffer.concat([before, Buffer.from(SECRET), after]);
          const shown = redact(`Basic ${bytes.toString(alphabet === 'base64' ? 'base64' : 'base64url')}`, [SECRET]);
          expect(shown).toContain('[redacted]');
          expect(Buffer.from(shown.replace('Basic ', ''), 'base64').toString('latin1')).not.toContain('n4ry/+t0');
        },
      ),
    );
  });

  test('leaves other text alone', () => {
    const texts = array(string({ unit: constantFrom('a', 'b', ' ', 'я') }));
    assert(
      property(texts, (parts) => {
        expect(redact(parts.join(' '), [SECRET])).toBe(parts.join(' '));
      }),
    );
  });

  test('takes several secrets, the longer first', () => {
    expect(redact('abcd abcdefgh', ['abcd', 'abcdefgh'])).toBe('[redacted] [redacted]');
  });

  test('takes nothing short for a secret', () => {
    expect(redact('a b abc', ['', 'a', 'abc'])).toBe('a b abc');
  });
});

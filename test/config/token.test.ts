// Tests where the token comes from, when it is refused, and that it is never shown.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { requireToken } from '../../src/config.ts';
import type { AuditError } from '../../src/errors.ts';
import { CANARY, config, failure, machine } from '../support/config.ts';

const dir = mkdtempSync(join(tmpdir(), 'config-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

function tokenFile(name: string, content: string, mode: number): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('the token', () => {
  const shown = (error: AuditError) =>
    JSON.stringify([error.message, error.hint, error.fields, error.stack, String(error.cause)]);

  test('is missing with an error that says how to set it', async () => {
    expect(requireToken(await config({ PACHCA_TOKEN: CANARY }))).toBe(CANARY);
    const without = await config({});
    expect(() => requireToken(without)).toThrow(
      expect.objectContaining({ code: 'not_configured', hint: expect.stringContaining('PACHCA_TOKEN') }),
    );
  });

  test('comes from a file that only the user can read', async () => {
    const path = tokenFile('good', `${CANARY}\n`, 0o600);
    expect((await config({ PACHCA_TOKEN_FILE: path })).token).toBe(CANARY);
    expect((await config({ PACHCA_TOKEN_FILE: '~/good' }, [], { ...machine, homeDir: dir })).token).toBe(CANARY);
  });

  test.each([0o640, 0o604, 0o620, 0o644, 0o601])('is refused in a file of mode %o, and not shown', async (mode) => {
    const path = tokenFile(`open-${mode.toString(8)}`, CANARY, mode);
    const error = await failure({ PACHCA_TOKEN_FILE: path });
    expect(error).toMatchObject({ code: 'not_configured', hint: `Run: chmod 600 ${path}` });
    expect(shown(error)).not.toContain(CANARY);
  });

  test('is read from any file where the system has no modes', async () => {
    const path = tokenFile('windows', CANARY, 0o644);
    expect((await config({ PACHCA_TOKEN_FILE: path }, [], { ...machine, hasFileModes: false })).token).toBe(CANARY);
  });

  test.each([
    ['', 'empty'],
    [`Bearer ${CANARY}`, 'Bearer'],
    [`${CANARY}\nsecond line`, 'white space'],
    [CANARY.repeat(500), 'too large'],
  ])('is refused in a file that holds something else (%#)', async (content, message) => {
    const error = await failure({ PACHCA_TOKEN_FILE: tokenFile('odd', content, 0o600) });
    expect(error.code).toBe('not_configured');
    expect(error.message).toContain(message);
    expect(shown(error)).not.toContain(CANARY);
  });

  test('is not looked for in a missing file or a folder', async () => {
    expect((await failure({ PACHCA_TOKEN_FILE: join(dir, 'nowhere') })).message).toContain('ENOENT');
    chmodSync(dir, 0o700);
    expect((await failure({ PACHCA_TOKEN_FILE: dir })).code).toBe('not_configured');
  });

  test('is refused when it cannot stand in a header, and not shown', async () => {
    for (const token of [`Bearer ${CANARY}`, `${CANARY}\r\nX: y`, `${CANARY}ё`]) {
      const error = await failure({ PACHCA_TOKEN: token });
      expect(error).toMatchObject({ code: 'not_configured', fields: [{ field: 'PACHCA_TOKEN' }] });
      expect(shown(error)).not.toContain(CANARY);
    }
  });

  test('is set in one place only', async () => {
    const error = await failure({ PACHCA_TOKEN: CANARY, PACHCA_TOKEN_FILE: tokenFile('second', CANARY, 0o600) });
    expect(error.message).toBe('PACHCA_TOKEN and PACHCA_TOKEN_FILE are both set.');
  });

  test('is not shown with a URL that carries a password', async () => {
    const error = await failure({ PACHCA_API_URL: `https://anna:${CANARY}@api.example` });
    expect(error.fields).toEqual([{ field: 'PACHCA_API_URL', message: 'must not carry a user name or password' }]);
    expect(shown(error)).not.toContain(CANARY);
  });
});

// Starts of the built program over HTTP that are refused: which settings, with which exit code, and what is said.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TOKEN = 'correct-horse-battery-staple';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('a start that is refused', () => {
  test.each([
    ['0.0.0.0 without a token', ['--host', '0.0.0.0'], {}, 'PACHCA_AUDIT_HTTP_TOKEN'],
    [':: without a token', ['--host', '::'], {}, 'PACHCA_AUDIT_HTTP_TOKEN'],
    ['a token that is too short', [], { PACHCA_AUDIT_HTTP_TOKEN: 'short' }, 'openssl rand'],
    [
      'a token beside a file',
      [],
      { PACHCA_AUDIT_HTTP_TOKEN: TOKEN, PACHCA_AUDIT_HTTP_TOKEN_FILE: '/nowhere' },
      'both set',
    ],
    ['a file that is not there', [], { PACHCA_AUDIT_HTTP_TOKEN_FILE: '/nowhere/tokens' }, '/nowhere/tokens'],
    ['a port that is none', ['--port', '70000'], {}, '--port'],
    ['a host that is a page', ['--allowed-hosts', 'https://audit.example'], {}, '--allowed-hosts'],
    ['an origin that is a name', ['--allowed-origins', 'tool.example'], {}, '--allowed-origins'],
  ])('%s: exit code 2 and the way out', async (_what, args, env, word) => {
    const { code, stdout, stderr } = await runBuilt(['serve', '--http', ...args], {
      env: { XDG_DATA_HOME: folder, ...env },
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(word);
    expect(stderr).not.toContain(TOKEN);
  });

  test('a file of tokens that others can read', async () => {
    const path = join(folder, 'http-tokens');
    await writeFile(path, TOKEN);
    await chmod(path, 0o644);
    const { code, stderr } = await runBuilt(['serve', '--http'], {
      env: { XDG_DATA_HOME: folder, PACHCA_AUDIT_HTTP_TOKEN_FILE: path },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('chmod 600');
  });

  test('the token of Pachca as the token of clients', async () => {
    const { code, stderr } = await runBuilt(['serve', '--http'], {
      env: { XDG_DATA_HOME: folder, PACHCA_TOKEN: TOKEN, PACHCA_AUDIT_HTTP_TOKEN: TOKEN },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('token of Pachca');
    expect(stderr).not.toContain(TOKEN);
  });

  test.each([
    ['--host', '127.0.0.1'],
    ['--port', '1'],
  ])('%s without --http', async (...args) => {
    const { code, stderr } = await runBuilt(['serve', ...args], { env: { XDG_DATA_HOME: folder } });
    expect(code).toBe(2);
    expect(stderr).toContain('--http');
  });
});

// Tests the id of the installation: one for all, kept, private, and said where it cannot be kept.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultDataDir, isOwnUserAgent, openInstallation, userAgent } from '../src/installation.ts';
import { bundleProgram } from './support/child-program.ts';

const root = mkdtempSync(join(tmpdir(), 'installation-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('openInstallation', () => {
  test('makes an id once, keeps it, and lets nobody else read it', async () => {
    const dir = join(root, 'new', 'folder');
    const first = await openInstallation(dir);
    expect(first).toMatchObject({ isPersisted: true, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await openInstallation(dir)).toEqual(first);
    expect(readdirSync(dir)).toEqual(['installation-id']);
    expect(statSync(join(dir, 'installation-id')).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test('gives different installations different ids', async () => {
    const [a, b] = await Promise.all([openInstallation(join(root, 'a')), openInstallation(join(root, 'b'))]);
    expect(a.id).not.toBe(b.id);
  });

  test('gives all that start together in one process one id', async () => {
    const dir = join(root, 'together');
    const all = await Promise.all(Array.from({ length: 20 }, () => openInstallation(dir)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(readdirSync(dir)).toEqual(['installation-id']);
  });

  test('gives processes that start together one id', async () => {
    const dir = join(root, 'processes');
    const entry = join(root, 'print-id.ts');
    const from = JSON.stringify(join(import.meta.dirname, '../src/installation.ts'));
    writeFileSync(
      entry,
      `import { openInstallation } from ${from}; console.log((await openInstallation(process.argv[2])).id);`,
    );
    const script = await bundleProgram(entry, root);
    const printed = await Promise.all(Array.from({ length: 4 }, () => outputOf(script, dir)));
    expect(new Set(printed).size).toBe(1);
    expect(printed[0]).toBe(readFileSync(join(dir, 'installation-id'), 'utf8'));
  });

  test.each(['', 'not an id', 'a'.repeat(5000)])('replaces a file that holds no id (%#)', async (content) => {
    const dir = mkdtempSync(join(root, 'damaged-'));
    writeFileSync(join(dir, 'installation-id'), content);
    const { id, isPersisted } = await openInstallation(dir);
    expect(isPersisted).toBe(true);
    expect((await openInstallation(dir)).id).toBe(id);
  });

  test('lives for one run where the folder cannot be made', async () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    const here = await openInstallation(join(file, 'below'));
    expect(here).toMatchObject({ isPersisted: false, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  test('keeps a known id in a folder that can no longer be written', async () => {
    const dir = join(root, 'read-only');
    mkdirSync(dir);
    const first = await openInstallation(dir);
    chmodSync(dir, 0o500);
    expect(await openInstallation(dir)).toEqual(first);
    chmodSync(dir, 0o700);
  });
});

describe('the User-Agent', () => {
  const id = '0b6f2d7e-6a1c-4d0e-9f2a-1234567890ab';

  test('carries version and installation', () => {
    expect(userAgent('1.2.3', id)).toBe(`pachca-audit-mcp/1.2.3 (${id})`);
  });

  test.each(['0.1.0', '1.2.3', '2.0.0-beta.1+build.5'])('is ours in version %s', (version) => {
    expect(isOwnUserAgent(userAgent(version, id), id)).toBe(true);
  });

  test.each([
    null,
    undefined,
    '',
    'Mozilla/5.0',
    'pachca-audit-mcp/1.2.3',
    userAgent('1.2.3', '0b6f2d7e-6a1c-4d0e-9f2a-1234567890ac'),
    `${userAgent('1.2.3', id)} more`,
    ` ${userAgent('1.2.3', id)}`,
    `evil ${userAgent('1.2.3', id)}`,
    userAgent('1.2.3', id).toUpperCase(),
    `pachca-audit-mcp/ (${id})`,
    `pachca-audit-mcp/1 2 (${id})`,
  ])('is not ours: %j', (text) => {
    expect(isOwnUserAgent(text, id)).toBe(false);
  });
});

describe('defaultDataDir', () => {
  test('is a folder of this program alone', () => {
    expect(isAbsolute(defaultDataDir())).toBe(true);
    expect(defaultDataDir()).toMatch(/pachca-audit-mcp/);
    expect(defaultDataDir()).not.toContain('nodejs');
  });
});

async function outputOf(script: string, dir: string): Promise<string> {
  const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  return output;
}

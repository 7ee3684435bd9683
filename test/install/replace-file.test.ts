// Tests how a settings file is replaced: rights, links, a copy of the old one, dry runs.
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { replaceFile } from '../../src/install/replace-file.ts';

const options = { nowMs: Date.parse('2026-03-20T12:00:00Z'), isDry: false };
const BACKUP = 'mcp.json.2026-03-20T12-00-00-000Z.bak';
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replace-file-'));
  path = join(folder, 'mcp.json');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

describe('replaceFile', () => {
  test('writes the new text, and keeps the old one and the rights beside it', async () => {
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    expect(await replaceFile(path, (text) => `${text} and new`, options)).toEqual({
      path,
      isChanged: true,
      backupPath: join(folder, BACKUP),
    });
    expect(await readFile(path, 'utf8')).toBe('old and new');
    expect(await readFile(join(folder, BACKUP), 'utf8')).toBe('old');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).toSorted()).toEqual(['mcp.json', BACKUP]);
  });

  test('makes a file that is not there, with its folder, for this user alone', async () => {
    const deep = join(folder, 'a', 'b', 'mcp.json');
    expect(await replaceFile(deep, (text) => `was ${text}`, options)).toEqual({ path: deep, isChanged: true });
    expect(await readFile(deep, 'utf8')).toBe('was undefined');
    expect((await stat(deep)).mode & 0o777).toBe(0o600);
  });

  test('touches nothing where nothing changes, and in a dry run', async () => {
    await writeFile(path, 'old');
    const before = await stat(path);
    expect(await replaceFile(path, (text = '') => text, options)).toEqual({ path, isChanged: false });
    expect(await replaceFile(path, () => 'new', { ...options, isDry: true })).toEqual({ path, isChanged: false });
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
    expect(await readdir(folder)).toEqual(['mcp.json']);
  });

  test('a link stays a link, and what it points to is changed', async () => {
    const real = join(folder, 'dotfiles.json');
    await writeFile(real, 'old');
    await symlink(real, path);
    await replaceFile(path, () => 'new', options);
    expect(await readlink(path)).toBe(real);
    expect(await readFile(real, 'utf8')).toBe('new');
  });

  test.each([
    ['is not UTF-8', async () => writeFile(path, Buffer.from([0x7b, 0xe9, 0x7d])), 'it is not UTF-8'],
    [
      'is a link to nowhere',
      async () => symlink(join(folder, 'nowhere.json'), path),
      'a link to a file that is not there',
    ],
    ['is a folder', async () => mkdir(path), 'it is no file'],
  ])('what %s is left as it is', async (_what, make, words) => {
    await make();
    await expect(replaceFile(path, () => '{}', options)).rejects.toMatchObject({
      code: 'not_configured',
      message: expect.stringContaining(words),
    });
    expect(await readdir(folder)).toEqual(['mcp.json']);
  });

  test('a refused change leaves the file and no copy', async () => {
    await writeFile(path, 'old');
    const refusal = new AuditError('not_configured', 'no');
    const change = () => {
      throw refusal;
    };
    await expect(replaceFile(path, change, options)).rejects.toBe(refusal);
    expect(await readdir(folder)).toEqual(['mcp.json']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  test('what another program wrote meanwhile is not overwritten', async () => {
    await writeFile(path, 'old');
    const change = () => {
      writeFileSync(path, 'of the client');
      return 'ours';
    };
    await expect(replaceFile(path, change, options)).rejects.toMatchObject({ message: /changed by another program/u });
    expect(await readFile(path, 'utf8')).toBe('of the client');
  });

  test('an older copy is never overwritten', async () => {
    await writeFile(path, 'old');
    await writeFile(join(folder, BACKUP), 'older');
    await expect(replaceFile(path, () => 'new', options)).rejects.toMatchObject({ code: 'not_configured' });
    expect(await readFile(join(folder, BACKUP), 'utf8')).toBe('older');
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  test('a folder in the place of the file is an error with the way out', async () => {
    await mkdir(path);
    await expect(replaceFile(path, () => 'new', options)).rejects.toMatchObject({
      code: 'not_configured',
      hint: expect.stringContaining('--dry-run'),
    });
  });
});

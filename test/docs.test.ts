// Checks that tables in documents say what the code says; `npm run docs` (the same with -u) writes them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderSettingsTable } from '../src/config/settings.ts';
import { TOOLS } from '../tools/index.ts';
import { ROOT } from './support/built.ts';

/** A machine of nowhere: tables must not depend on who made them. */
const machine = {
  version: '0.0.0',
  homeDir: '/home/user',
  workDir: '/home/user',
  timeZone: 'UTC',
  locale: 'en',
  hasFileModes: true,
};

function toolsTable(): string {
  const rows = TOOLS.map(({ name, description, argumentNames }) => {
    const names = argumentNames.map((argument) => `\`${argument}\``).join(', ');
    return `| \`${name}\` | ${description} | ${names || '–'} |`;
  });
  return ['| Tool | What it does | Arguments |', '| --- | --- | --- |', ...rows].join('\n');
}

/** `text` with the block between the markers `name` replaced; fails where there are no markers. */
function withBlock(text: string, name: string, block: string): string {
  const pattern = new RegExp(`(<!-- ${name}:begin[^>]*-->\n)[\\s\\S]*?(<!-- ${name}:end -->)`, 'u');
  if (!pattern.test(text)) throw new Error(`no block ${name}`);
  return text.replace(pattern, (_all, begin: string, end: string) => `${begin}${block}\n${end}`);
}

describe('documents', () => {
  test('README.md has the tables of tools and settings that the code has', async () => {
    const path = join(ROOT, 'README.md');
    const text = withBlock(await readFile(path, 'utf8'), 'tools', toolsTable());
    await expect(withBlock(text, 'settings', renderSettingsTable(machine).trim())).toMatchFileSnapshot(path);
  });
});

// Checks that tables in documents say what the code says; `npm run docs` (the same with -u) writes them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { DEFAULTS_RU, SETTINGS_RU, TOOLS_RU } from '../docs/tables-ru.ts';
import { renderSettingsTable, type TableWords } from '../src/config/settings.ts';
import { describeRules, type RuleDescription } from '../src/detect/catalogue.ts';
import { CLIENTS } from '../src/install/clients.ts';
import { cursorLink, installationFor, vscodeLink, type Installation } from '../src/install/entry.ts';
import { servedTools, TOOLS } from '../tools/index.ts';
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

function toolsTable(header: string, meaningOf: (name: string, description: string) => string): string {
  const rows = TOOLS.map(({ name, description, argumentNames }) => {
    const names = argumentNames.map((argument) => `\`${argument}\``).join(', ');
    return `| \`${name}\` | ${meaningOf(name, description)} | ${names || '–'} |`;
  });
  return [header, '| --- | --- | --- |', ...rows].join('\n');
}

/** `words` of the table `known`; a name without them is a test that fails. */
function russian(known: Readonly<Record<string, string>>, name: string): string {
  const words = known[name];
  if (words === undefined) throw new Error(`${name} has no Russian words in docs/tables-ru.ts`);
  return words;
}

const RUSSIAN: TableWords = {
  header: ['Настройка', 'Что значит', 'По умолчанию'],
  wordsOf: (name, { defaultText }) => ({
    meaning: russian(SETTINGS_RU, name),
    defaultText: DEFAULTS_RU[defaultText] ?? defaultText,
  }),
};

/** Where a clone lies whose place nobody knows: both clients put the user's home folder there. */
const CLONE = '${userHome}/pachca-audit-mcp/dist/main.js';

/** The links of a README: for a clone in the home folder. */
function links(words: { try: string; use: string }): string {
  const start = { command: 'node', args: [CLONE] };
  const token = { defaultFile: '~/.config/pachca-audit-mcp/token' };
  const row = (title: string, what: string, link: string) => `* ${title}, ${what}: \`${link}\``;
  const both = (client: 'cursor' | 'vscode', linkOf: (installation: Installation) => string) => [
    row(
      CLIENTS[client].title,
      words.try,
      linkOf(installationFor(CLIENTS[client], { ...start, args: [CLONE, '--demo'] })),
    ),
    row(CLIENTS[client].title, words.use, linkOf(installationFor(CLIENTS[client], { ...start, token }))),
  ];
  return [...both('cursor', cursorLink), ...both('vscode', vscodeLink)].join('\n');
}

const BASELINES: Readonly<Record<string, string>> = {
  none: 'needs none',
  actor: "the actor's own past",
  tenant: 'the past of the whole company',
};

function ruleSection(one: RuleDescription): string {
  const attack = one.attack.map(({ technique }) => technique).join(', ');
  const thresholds = Object.entries(one.thresholds).map(([name, value]) => `\`${name}\` ${value}`);
  return [
    `### ${one.code} \`${one.rule}\`: ${one.title}`,
    one.logic,
    '',
    `* Severity: ${one.severity} unless the logic says otherwise. ATT&CK ${one.attack[0]?.version ?? ''}: ${attack}. Baseline: ${BASELINES[one.baseline] ?? ''}.`,
    `* Thresholds: ${thresholds.join(', ') || 'none'}.`,
    `* Reads: ${one.event_keys.map((key) => `\`${key}\``).join(', ')}.`,
    `* Harmless look-alikes: ${one.false_positives.join('; ')}.`,
    `* Blind spots: ${one.blind_spots}`,
    '',
  ].join('\n');
}

function rulesText(): string {
  const rules = describeRules('en');
  const ofTool = (tool: string): string =>
    [`## Rules of \`${tool}\``, '', ...rules.filter((one) => one.tool === tool).map(ruleSection)].join('\n');
  return [...new Set(rules.map(({ tool }) => tool))].map(ofTool).join('\n').trimEnd();
}

/** `text` with the block between the markers `name` replaced; fails where there are no markers. */
function withBlock(text: string, name: string, block: string): string {
  const pattern = new RegExp(`(<!-- ${name}:begin[^>]*-->\n)[\\s\\S]*?(<!-- ${name}:end -->)`, 'u');
  if (!pattern.test(text)) throw new Error(`no block ${name}`);
  return text.replace(pattern, (_all, begin: string, end: string) => `${begin}${block}\n${end}`);
}

/** The text of the file with its blocks as the code has them. */
async function withBlocks(path: string, blocks: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(path, 'utf8');
  return Object.entries(blocks).reduce((current, [name, content]) => withBlock(current, name, content), text);
}

describe('documents', () => {
  test('README.md has the tables and links that the code has', async () => {
    const path = join(ROOT, 'README.md');
    const text = await withBlocks(path, {
      tools: toolsTable('| Tool | What it does | Arguments |', (_name, description) => description),
      settings: renderSettingsTable(machine),
      links: links({ try: 'to try it (`--demo`)', use: 'with a token' }),
    });
    await expect(text).toMatchFileSnapshot(path);
  });

  test('README.ru.md has the same in Russian', async () => {
    const path = join(ROOT, 'README.ru.md');
    const text = await withBlocks(path, {
      tools: toolsTable('| Инструмент | Что делает | Аргументы |', (name) => russian(TOOLS_RU, name)),
      settings: renderSettingsTable(machine, RUSSIAN),
      links: links({ try: 'попробовать (`--demo`)', use: 'с токеном' }),
    });
    await expect(text).toMatchFileSnapshot(path);
  });

  test.each(['manifest.json', 'server.json'])('%s has the version of the package', async (name) => {
    const path = join(ROOT, name);
    const text = (await readFile(path, 'utf8')).replace(/("version": )"[^"]*"/u, `$1"${packageJson.version}"`);
    await expect(text).toMatchFileSnapshot(path);
  });

  test('manifest.json lists the tools that are served', async () => {
    const path = join(ROOT, 'manifest.json');
    const rows = servedTools({}).map(
      ({ name, title }) => `    { "name": ${JSON.stringify(name)}, "description": ${JSON.stringify(title)} }`,
    );
    const text = (await readFile(path, 'utf8')).replace(
      /"tools": \[[^\]]*\]/u,
      () => `"tools": [\n${rows.join(',\n')}\n  ]`,
    );
    await expect(text).toMatchFileSnapshot(path);
  });

  test('docs/detections.md describes every rule as the code has it', async () => {
    const path = join(ROOT, 'docs', 'detections.md');
    await expect(withBlock(await readFile(path, 'utf8'), 'rules', rulesText())).toMatchFileSnapshot(path);
  });
});

// Checks the walls of the house: who may import whom, file lengths, exports, and words that must not stand in the tree.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface SourceFile {
  path: string;
  text: string;
  /** Imported files of the project, as paths from the root. */
  files: string[];
  /** Imported packages. */
  packages: string[];
}

// Tracked and new files alike: a wall that only falls after the commit is found too late.
const paths = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '');

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [
    ...text.matchAll(/(?:^|\n)(?:import|export)\s(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gu),
  ];
  const targets = imports.map((match) => match[1] ?? match[2] ?? '');
  return {
    path,
    text,
    files: targets
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(root, normalize(join(root, dirname(path), target)))),
    packages: targets.filter((target) => !target.startsWith('.') && !target.startsWith('node:')),
  };
}

const sources = paths.filter((path) => /^(src|tools)\/.*\.ts$/u.test(path)).map(read);
const rooms = (...names: string[]) => sources.filter(({ path }) => names.some((name) => path.startsWith(name)));

/** Imports of `files` that are in none of the `allowed` places. */
function strangers(files: SourceFile[], allowed: readonly string[]): string[] {
  return files.flatMap(({ path, files: imported }) =>
    imported
      .filter((target) => !allowed.some((place) => target.startsWith(place)))
      .map((target) => `${path} → ${target}`),
  );
}

describe('rooms', () => {
  const core = ['src/errors.ts', 'src/clock.ts', 'src/text/'];

  test('there are sources to check, and their imports are seen', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(rooms('tools/').every(({ files }) => files.length > 0)).toBe(true);
  });

  test('http knows nothing of audit events', () => {
    expect(strangers(rooms('src/http/'), ['src/http/', ...core])).toEqual([]);
  });

  test('audit imports http, errors, text and itself', () => {
    expect(strangers(rooms('src/audit/'), ['src/audit/', 'src/http/', ...core])).toEqual([]);
  });

  test('detect, aggregate and the export formats are pure', () => {
    const formats = ['src/export/csv.ts', 'src/export/ndjson.ts', 'src/export/format'];
    const pure = rooms('src/detect/', 'src/aggregate.ts', ...formats);
    expect(
      strangers(pure, [
        'src/detect/',
        ...formats,
        'src/audit/event',
        'src/audit/query.ts',
        'src/audit/time-input.ts',
        'src/audit/zone.ts',
        'src/text/',
        'src/errors.ts',
      ]),
    ).toEqual([]);
    const impure = pure.filter(({ text }) =>
      /\bDate\.now\(|Math\.random\(|\bprocess\.|from 'node:(?!crypto)/u.test(text),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  test('tools never import http, simulator, config, commands or another tool', () => {
    const tools = rooms('tools/').filter(({ path }) => path !== 'tools/index.ts');
    const forbidden = /^(src\/(http|simulator|commands)\/|src\/config|tools\/)/u;
    const wrong = tools.flatMap(({ path, files }) =>
      files.filter((target) => forbidden.test(target)).map((target) => `${path} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('only main imports the simulator, and the simulator imports nothing of the program', () => {
    const importers = sources.filter(
      ({ path, files }) =>
        !path.startsWith('src/simulator/') && files.some((target) => target.startsWith('src/simulator/')),
    );
    expect(importers.map(({ path }) => path).filter((path) => path !== 'src/main.ts')).toEqual([]);
    expect(strangers(rooms('src/simulator/'), ['src/simulator/'])).toEqual([]);
  });

  test('the MCP SDK is imported in src/mcp alone', () => {
    const importers = sources.filter(({ packages }) =>
      packages.some((name) => name.startsWith('@modelcontextprotocol/')),
    );
    expect(importers.map(({ path }) => path).filter((path) => !path.startsWith('src/mcp/'))).toEqual([]);
    expect(importers.length).toBeGreaterThan(0);
  });

  test('only main and config read the environment', () => {
    const readers = sources.filter(({ text }) => /process\.env/u.test(text)).map(({ path }) => path);
    expect(
      readers.filter(
        (path) => path !== 'src/main.ts' && !path.startsWith('src/config') && path !== 'src/simulator/cli.ts',
      ),
    ).toEqual([]);
  });
});

describe('habits', () => {
  test('every file opens with the sentence that says what it owns', () => {
    const code = paths.filter((path) => /(?<!\.d)\.(ts|mjs)$/u.test(path)).map(read);
    expect(code.length).toBeGreaterThan(sources.length);
    const silent = code.filter(({ text }) => !/^(#!.*\n)?\/\/ [A-Z].*/u.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('no file is longer than 250 lines', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 251);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test('exports are named, and the compiler is never silenced', () => {
    const wrong = sources.filter(({ text }) => /\bexport default\b|@ts-(ignore|expect-error|nocheck)/u.test(text));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('no file names a package registry', () => {
    // Put together here, so that this file does not name one either.
    const hosts = [['registry', 'npmjs', 'org'].join('.'), ['registry', 'yarnpkg', 'com'].join('.')];
    const naming = paths.filter((path) => hosts.some((host) => readFileSync(join(root, path), 'utf8').includes(host)));
    expect(naming).toEqual([]);
  });
});

// Owns the command `verify`: whether a file is still what was exported, or the journal what was written.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AuditError } from '../errors.ts';
import { verifyExport } from '../export/verify.ts';
import { JOURNAL_FILE } from '../journal/files.ts';
import { verifyJournal } from '../journal/verify.ts';
import { cleanText } from '../text/clean.ts';
import type { Command, CommandRun } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { WORDS } from './words.ts';

async function isJournal(path: string): Promise<boolean> {
  if (JOURNAL_FILE.test(basename(path))) return true;
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

const noJournal = (where: string, cause?: unknown): AuditError =>
  new AuditError('not_found', `There is no journal ${where}.`, {
    hint: 'Give a journal-YYYY-MM.ndjson, the folder that holds them, or a file that ends in .manifest.json.',
    cause,
  });

async function checkJournal(path: string, { config, terminal }: CommandRun): Promise<number> {
  const words = WORDS[config.lang];
  const { isWhole, files, lines, head, firstAt, lastAt, follows, problems } = await verifyJournal(path).catch(
    (cause: unknown) => {
      throw noJournal(`at ${path}`, cause);
    },
  );
  if (files.length === 0) throw noJournal(`in ${path}`);
  terminal.out(`${files.join(', ')}${firstAt === undefined ? '' : `: ${firstAt} – ${lastAt}`}`);
  const whole = follows === undefined ? words.wholeJournal(lines) : words.journalFrom(lines, follows);
  terminal.out(isWhole ? whole : terminal.paint('high', words.brokenJournal));
  for (const { file, line, problem } of problems) {
    terminal.out(`  ${file}, ${words.line} ${line}: ${words.journalProblems[problem]}`);
  }
  terminal.out(`${words.lastDigest}: ${head}`);
  return isWhole ? EXIT.done : EXIT.unexpected;
}

export const verifyCommand: Command = async (run) => {
  const { config, terminal, signal } = run;
  const { operand } = config.command;
  if (operand === undefined) throw new AuditError('invalid_input', 'No manifest is named.');
  if (await isJournal(operand)) return checkJournal(operand, run);
  const words = WORDS[config.lang];
  const { ok, problems, manifest, filePath, events, sha256 } = await verifyExport(operand, signal);
  terminal.out(cleanText(filePath));
  terminal.out(`sha256 ${sha256}`);
  if (ok) terminal.out(words.intact(events));
  else terminal.out(terminal.paint('high', words.broken));
  for (const problem of problems) terminal.out(`  ${cleanText(problem[config.lang])}`);
  if (!manifest.complete) terminal.out(words.partial(manifest.stopped_by ?? 'unknown'));
  return ok ? EXIT.done : EXIT.unexpected;
};

// Owns the command `verify`: whether a file is still what was exported.
import { AuditError } from '../errors.ts';
import { verifyExport } from '../export/verify.ts';
import { cleanText } from '../text/clean.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { WORDS } from './words.ts';

export const verifyCommand: Command = async ({ config, terminal, signal }) => {
  const { operand } = config.command;
  if (operand === undefined) throw new AuditError('invalid_input', 'No manifest is named.');
  const words = WORDS[config.lang];
  const { ok, problems, manifest, filePath, events, sha256 } = await verifyExport(operand, signal);
  terminal.out(cleanText(filePath));
  terminal.out(`sha256 ${sha256}`);
  if (ok) terminal.out(words.intact(events));
  else terminal.out(terminal.paint('high', words.broken));
  for (const problem of problems) terminal.out(`  ${cleanText(problem)}`);
  if (!manifest.complete) terminal.out(words.partial(manifest.stopped_by ?? 'unknown'));
  return ok ? EXIT.done : EXIT.unexpected;
};

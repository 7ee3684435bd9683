// Owns the command `export`: one export from the shell or cron.
import { callTool, type Command } from './command.ts';
import { EXIT } from './exit-codes.ts';

export const exportCommand: Command = async (run) => {
  const { input, out } = run.config.command;
  const { structured } = await callTool(run, 'export_audit_window', {
    ...input,
    ...(out === undefined ? {} : { file_name: out }),
  });
  run.terminal.out(JSON.stringify(structured, undefined, 2));
  const done = structured['status'] === 'done' && structured['complete'] !== false;
  return done ? EXIT.done : EXIT.partial;
};

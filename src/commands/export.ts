// Owns the command `export`: one export from the shell or cron, told in words on a terminal and as JSON to a script.
import { z } from 'zod';
import { windowOf, windowOut } from '../mcp/query-input.ts';
import { callTool, type Command, type CommandRun } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { WORDS } from './words.ts';
import { momentOf } from '../mcp/moment.ts';

const answerSchema = z.object({
  status: z.string(),
  window: z.object({ start_time: z.string(), end_time: z.string() }),
  coverage: z.object({ complete: z.boolean(), stopped_by: z.string() }).optional(),
  notes: z.array(z.string()),
  file: z.object({ path: z.string(), events: z.number(), bytes: z.number(), sha256: z.string() }).optional(),
  manifest_path: z.string().optional(),
});
type Answer = z.output<typeof answerSchema>;

const timesSchema = z.object({ start_time: z.string().optional(), end_time: z.string().optional() });

/** Times that move with the clock are fixed: only the same window can be gone on with after a stop. */
async function fixedTimes({ config, openParts }: CommandRun): Promise<{ start_time?: string; end_time?: string }> {
  const given = timesSchema.parse(config.command.input);
  const parts = await openParts();
  const { window, timeZone } = windowOf(given, { nowMs: await momentOf(parts), settings: parts.settings });
  const fixed = windowOut(window, timeZone);
  const moves = (time: string | undefined): boolean => time === undefined || /^\s*now/iu.test(time);
  return {
    ...(moves(given.start_time) ? { start_time: fixed.start_time } : {}),
    ...(moves(given.end_time) ? { end_time: fixed.end_time } : {}),
  };
}

function report({ window, coverage, notes, file, manifest_path: manifest }: Answer, run: CommandRun): void {
  const { terminal } = run;
  const words = WORDS[run.config.lang];
  terminal.out(`${words.window}: ${window.start_time} – ${window.end_time}`);
  if (file === undefined) terminal.out(words.noFile);
  else {
    terminal.out(file.path);
    terminal.out(words.exported(file.events, file.bytes));
    terminal.out(`sha256 ${file.sha256}`);
    terminal.out(`${words.manifest} ${manifest ?? ''}`);
  }
  const isWhole = coverage?.complete !== false;
  terminal.out(isWhole ? words.complete : terminal.paint('high', words.partial(coverage.stopped_by)));
  for (const note of notes) terminal.out(terminal.paint('dim', note));
}

export const exportCommand: Command = async (run) => {
  const { terminal, signal, config } = run;
  const words = WORDS[config.lang];
  const { input, out } = config.command;
  const arguments_ = { ...input, ...(await fixedTimes(run)), ...(out === undefined ? {} : { file_name: out }) };
  const { start_time: start, end_time: end } = timesSchema.parse(arguments_);
  const howToGoOn = words.goesOn(`--start ${start ?? ''} --end ${end ?? ''}`);
  try {
    const { structured } = await callTool(run, 'export_audit_window', arguments_);
    const answer = answerSchema.parse(structured);
    if (terminal.isWatched) report(answer, run);
    else terminal.out(JSON.stringify(structured, undefined, 2));
    if (answer.status !== 'done') terminal.err(howToGoOn);
    return answer.status === 'done' && answer.coverage?.complete !== false ? EXIT.done : EXIT.partial;
  } catch (error) {
    if (signal.aborted) terminal.err(`${words.interrupted} ${howToGoOn}`);
    throw error;
  }
};

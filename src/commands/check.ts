// Owns the command `check`: whether everything is in place, in words.
import { z } from 'zod';
import { errorText } from '../mcp/result.ts';
import { callTool, type Command } from './command.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { ERROR_CODES } from '../errors.ts';
import { WORDS } from './words.ts';

const answerSchema = z.object({
  token: z.object({ name: z.string().optional(), masked: z.string().optional(), user_id: z.string() }).optional(),
  scopes: z.array(z.string()).optional(),
  surplus_scopes: z.array(z.string()).optional(),
  can_read_audit_log: z.boolean(),
  can_resolve_users: z.boolean(),
  source: z.string(),
  api_url: z.string().optional(),
  file: z.object({ path: z.string(), events: z.number() }).optional(),
  latency_ms: z.number().optional(),
  store: z.object({ covered_days: z.number(), bytes: z.number() }).optional(),
  problems: z.array(z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string() })),
});

export const checkCommand: Command = async (run) => {
  const words = WORDS[run.config.lang];
  const { terminal } = run;
  const answer = answerSchema.parse((await callTool(run, 'check_access', {})).structured);
  const yesNo = (value: boolean): string => (value ? words.yes : words.no);
  terminal.out(`${words.source}: ${answer.source} (${answer.api_url ?? answer.file?.path ?? ''})`);
  if (answer.file !== undefined) terminal.out(`${words.events}: ${answer.file.events}`);
  if (answer.token !== undefined) {
    const { name, masked, user_id: userId } = answer.token;
    terminal.out(`${words.token}: ${[name, masked, `${words.user} ${userId}`].filter(Boolean).join(', ')}`);
    terminal.out(`${words.scopes}: ${answer.scopes?.join(', ') ?? ''}`);
    if (answer.surplus_scopes?.length) terminal.out(`${words.surplus}: ${answer.surplus_scopes.join(', ')}`);
    terminal.out(words.answeredIn(answer.latency_ms ?? 0));
  }
  terminal.out(`${words.canRead}: ${yesNo(answer.can_read_audit_log)}`);
  const lacksNames = answer.token !== undefined && !answer.can_resolve_users;
  terminal.out(`${words.canResolve}: ${yesNo(answer.can_resolve_users)}${lacksNames ? words.grantNames : ''}`);
  if (answer.store !== undefined) {
    terminal.out(`${words.store}: ${words.days(answer.store.covered_days)}, ${words.megabytes(answer.store.bytes)}`);
  }
  for (const { code, message, hint } of answer.problems) {
    terminal.out(`${terminal.paint('high', words.problem)} ${code}: ${errorText({ message, hint })}`);
  }
  const [first] = answer.problems;
  return first === undefined ? EXIT.done : exitCodeOf(first.code);
};

// Owns check_access: whether the log can be read, with which token, and what to mend where not.
import { z } from 'zod';
import { AuditError } from '../src/errors.ts';
import { SCOPES, surplusScopes } from '../src/audit/token.ts';
import { clockProblem } from '../src/mcp/clock-note.ts';
import { windowAnswer } from '../src/mcp/params.ts';
import { windowOut } from '../src/mcp/query-input.ts';
import { errorAnswer, defined } from '../src/mcp/result.ts';
import { PROBLEMS_RU } from '../src/mcp/problem-wording.ts';
import { defineTool, READS_LOG, type FileSource, type ToolContext } from '../src/mcp/tool.ts';

const PROBE_WINDOW_MS = 60_000;
const SECOND_MS = 1000;
/** Each of the two questions is given this long: a check that hangs tells nobody what is wrong. */
const PATIENCE_MS = 15_000;

const problem = z.object({ code: z.string(), message: z.string(), hint: z.string() });
type Problem = z.output<typeof problem>;

function timeout(what: string): AuditError {
  return new AuditError('timeout', `${what} gave no answer within ${PATIENCE_MS / SECOND_MS} seconds`);
}

/** In Russian, what the code means goes before what the API said. */
function problemOf(error: unknown, { settings }: ToolContext): Problem {
  const { code, message, hint } = errorAnswer(error, (text) => text);
  const russian = settings.lang === 'ru' ? PROBLEMS_RU[code] : undefined;
  if (russian === undefined) return { code, message, hint };
  return { code, message: `${russian.message}: ${message}`, hint: russian.hint };
}

/** Reads the last minute: the scope alone does not show whether the owner and the plan are right. */
async function probeLog(context: ToolContext): Promise<Problem | undefined> {
  const endMs = Math.floor(context.nowMs / SECOND_MS) * SECOND_MS;
  const read = context.log.read(
    {
      window: { startMs: endMs - PROBE_WINDOW_MS, endMs },
      order: 'newest_first',
      timeZone: context.settings.timeZone,
      ownReads: 'keep',
    },
    { signal: context.signal, maxEvents: 1, deadlineAt: context.clock.now() + PATIENCE_MS },
  );
  try {
    for await (const _batch of read.batches) break;
    const { failure, stoppedBy } = read.coverage();
    if (stoppedBy === 'deadline') return problemOf(timeout('GET /audit_events'), context);
    return failure === undefined ? undefined : problemOf(failure, context);
  } catch (error) {
    context.signal.throwIfAborted();
    return problemOf(error, context);
  }
}

const FOLDER_WORDS = {
  en: {
    store: (dir: string) => `The folder of the local store, ${dir}, cannot be used: every question goes to the API.`,
    storeHint: 'Give another one with PACHCA_AUDIT_STORE_DIR, or start with --no-store.',
    id: (dir: string) =>
      `The data folder, ${dir}, cannot be written: after every restart the reads of the runs before look like somebody else's, and the journal is not kept.`,
    idHint: 'Make it writable for the user that runs this server, or, on Linux, give another place with XDG_DATA_HOME.',
  },
  ru: {
    store: (dir: string) => `Папкой локального хранилища ${dir} пользоваться нельзя: каждый вопрос идёт к API.`,
    storeHint: 'Задайте другую в PACHCA_AUDIT_STORE_DIR или запустите с --no-store.',
    id: (dir: string) =>
      `В папку данных ${dir} нельзя писать: после перезапуска прежние чтения журнала выглядят чужими, и журнал вызовов не сохраняется.`,
    idHint: 'Дайте пользователю сервера право писать в неё или (в Linux) задайте другое место в XDG_DATA_HOME.',
  },
} as const;

/** Whose log it is, is known; so what keeps the store from being looked at is the folder. */
function storeProblem(dir: string, { settings }: ToolContext): Problem {
  const words = FOLDER_WORDS[settings.lang];
  return { code: 'not_configured', message: words.store(dir), hint: words.storeHint };
}

function idProblems({ settings }: ToolContext): Problem[] {
  const { idNotKeptIn, lang } = settings;
  const words = FOLDER_WORDS[lang];
  return idNotKeptIn === undefined
    ? []
    : [{ code: 'not_configured', message: words.id(idNotKeptIn), hint: words.idHint }];
}

/** Asked anew: who calls this has perhaps just changed the token. */
async function readToken(context: ToolContext) {
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    return { token: await context.token.read({ fresh: true, signal: AbortSignal.any([context.signal, late]) }) };
  } catch (error) {
    context.signal.throwIfAborted();
    return { failure: problemOf(late.aborted ? timeout('GET /oauth/token/info') : error, context) };
  }
}

/** A file was opened and looked through at the start: there is nothing left to try. */
function fileAnswer({ path, events, span }: FileSource, context: ToolContext) {
  const { settings } = context;
  return {
    can_read_audit_log: true,
    can_resolve_users: false,
    can_send_alerts: false,
    source: settings.source,
    file: { path, events, ...(span === undefined ? {} : { window: windowOut(span, settings.timeZone) }) },
    problems: idProblems(context),
  };
}

export const checkAccess = defineTool({
  name: 'check_access',
  title: 'Check access',
  description: 'Checks token, scopes, plan and reachability, and says what to mend. Call it when another tool fails.',
  hints: READS_LOG,
  input: z.strictObject({}),
  output: z.object({
    token: z.object({ name: z.string().optional(), masked: z.string().optional(), user_id: z.string() }).optional(),
    scopes: z.array(z.string()).optional(),
    surplus_scopes: z.array(z.string()).optional().describe('Scopes that this server, as it is set up, never needs'),
    can_read_audit_log: z.boolean(),
    can_resolve_users: z.boolean(),
    can_send_alerts: z.boolean().describe('The scope is there, and somebody is on the alert list'),
    source: z.enum(['api', 'demo', 'file']),
    api_url: z.string().optional(),
    file: z.object({ path: z.string(), events: z.number(), window: windowAnswer.optional() }).optional(),
    latency_ms: z.number().optional(),
    store: z
      .object({ covered_days: z.number(), bytes: z.number() })
      .optional()
      .describe('Closed days kept on this machine; absent where none are kept'),
    problems: z.array(problem),
  }),
  async run(_input, context) {
    if (context.settings.file !== undefined) return { structured: fileAnswer(context.settings.file, context) };
    const startedAt = context.clock.now();
    const { token, failure } = await readToken(context);
    const latencyMs = context.clock.now() - startedAt;
    const unread = failure ?? (await probeLog(context));
    const held = await context.store?.held();
    const isUnusable = context.store !== undefined && held === undefined && token !== undefined;
    const unusable = isUnusable ? storeProblem(context.store.dir, context) : undefined;
    const sendsAlerts = context.alerts.recipients.length > 0;
    const has = (scope: string): boolean => token?.scopes.includes(scope) === true;
    return {
      structured: {
        can_read_audit_log: unread === undefined,
        can_resolve_users: has(SCOPES.users),
        can_send_alerts: sendsAlerts && has(SCOPES.messages),
        source: context.settings.source,
        ...defined({ api_url: context.settings.apiUrl }),
        problems: [unread, clockProblem(context), unusable, ...idProblems(context)].filter((one) => one !== undefined),
        ...(held === undefined ? {} : { store: { covered_days: held.coveredDays, bytes: held.bytes } }),
        ...(token === undefined
          ? {}
          : {
              token: { user_id: token.user_id, ...defined({ name: token.name, masked: token.masked }) },
              scopes: [...token.scopes],
              surplus_scopes: surplusScopes(token.scopes, sendsAlerts),
              latency_ms: Math.round(latencyMs),
            }),
      },
    };
  },
});

// Owns the measurement of what the server costs a model: the list of tools, typical answers, and the largest ones.
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { TOOLS } from '../../tools/index.ts';
import { startDemo } from '../../test/support/demo-company.ts';
import type { World } from '../../test/support/world.ts';
import { answerResult } from '../../src/mcp/result.ts';

/** Tokens of `text` by a public tokenizer (o200k_base). */
export function tokensOf(text: string): number {
  return encode(text, { allowedSpecial: new Set() }).length;
}

/** What a client sees of the tools, with every schema. */
export function toolListTokens(): { name: string; tokens: number }[] {
  return TOOLS.map((tool) => ({
    name: tool.name,
    tokens: tokensOf(
      JSON.stringify({
        name: tool.name,
        title: tool.title,
        description: tool.description,
        inputSchema: tool.inputSchema(),
        outputSchema: tool.outputSchema(),
        annotations: { title: tool.title, ...tool.hints },
      }),
    ),
  }));
}

/** A question as a person would ask it, and the call that answers it. */
interface Question {
  readonly question: string;
  readonly tool: string;
  readonly input: Record<string, unknown>;
}

export interface Cost extends Question {
  readonly text: string;
  readonly tokens: number;
  readonly requests: number;
}

const TYPICAL: readonly Question[] = [
  { question: 'What happened in the last 24 hours? (50 events)', tool: 'list_audit_events', input: {} },
  {
    question: 'Who logged in yesterday after 22:00?',
    tool: 'list_audit_events',
    input: { start_time: '2026-11-19', end_time: '2026-11-19', event_keys: ['user_login'], time_of_day: '22:00-24:00' },
  },
  {
    question: 'Who deleted messages this month?',
    tool: 'aggregate_audit_events',
    input: { start_time: 'now-30d', event_keys: ['message_deleted'], group_by: ['actor'] },
  },
  {
    question: 'Were there suspicious logins in a fortnight? (ten findings)',
    tool: 'find_suspicious_logins',
    input: { start_time: 'now-14d', max_findings: 10 },
  },
  {
    question: 'Were there risky changes in a fortnight? (ten findings)',
    tool: 'find_risky_changes',
    input: { start_time: 'now-14d', max_findings: 10 },
  },
  {
    question: 'Everything about one person before an offboarding (30 days)',
    tool: 'investigate_actor',
    input: { actor: '1010', start_time: 'now-30d' },
  },
  { question: 'What is new since the last question?', tool: 'follow_audit_events', input: { start_time: 'now-1h' } },
  { question: 'Save the last ten days to a file', tool: 'export_audit_window', input: { start_time: 'now-10d' } },
  { question: 'Which Ivanovs are there?', tool: 'find_people', input: { query: 'Иванов' } },
  { question: 'Does the token work?', tool: 'check_access', input: {} },
];

const LARGEST: readonly Question[] = [
  { question: '200 events in rows', tool: 'list_audit_events', input: { start_time: 'now-7d', limit: 200 } },
  {
    question: '200 whole events',
    tool: 'list_audit_events',
    input: { start_time: 'now-7d', limit: 200, response_format: 'detailed' },
  },
  {
    question: '100 groups of two dimensions',
    tool: 'aggregate_audit_events',
    input: { start_time: 'now-7d', group_by: ['actor', 'client'], top: 100 },
  },
  {
    question: '100 suspicious logins',
    tool: 'find_suspicious_logins',
    input: { start_time: 'now-30d', max_findings: 100 },
  },
  { question: '100 risky changes', tool: 'find_risky_changes', input: { start_time: 'now-30d', max_findings: 100 } },
  { question: 'the owner over 90 days', tool: 'investigate_actor', input: { actor: '1000', start_time: 'now-90d' } },
  { question: '200 new events', tool: 'follow_audit_events', input: { start_time: 'now-24h', limit: 200 } },
  { question: '100 people', tool: 'find_people', input: { query: 'а', limit: 100 } },
];

async function costOf(world: World, question: Question): Promise<Cost> {
  const before = world.simulator.requests.total;
  const answer = answerResult(await world.answer(question.tool, question.input), (text) => text);
  const [first] = answer.content;
  const text = first?.type === 'text' ? first.text : '';
  return { ...question, text, tokens: tokensOf(text), requests: world.simulator.requests.total - before };
}

async function costsOf(world: World, questions: readonly Question[]): Promise<Cost[]> {
  const costs: Cost[] = [];
  // One after the other: requests are counted by the simulator as a whole.
  for (const question of questions) costs.push(await costOf(world, question));
  return costs;
}

/** What of a page of 50 events in rows, with window, coverage, notes and names, against the API's JSON of the same 50. */
export interface PageCost {
  readonly page: string;
  readonly rows: number;
  readonly api: number;
}

const PAGES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['all events', { start_time: 'now-24h' }],
  ['logins', { start_time: 'now-2d', event_group: 'auth' }],
  ['rights and tokens', { start_time: 'now-60d', event_keys: ['user_role_changed', 'access_token_created'] }],
  ['messages', { start_time: 'now-2d', event_group: 'messages' }],
];

async function pageCost(world: World, page: string, filters: Record<string, unknown>): Promise<PageCost> {
  const input = { ...filters, limit: 50 };
  const { tokens } = await costOf(world, { question: page, tool: 'list_audit_events', input });
  const { structured } = await world.answer('list_audit_events', { ...input, response_format: 'detailed' });
  return { page, rows: tokens, api: tokensOf(JSON.stringify(structured['events'])) };
}

export interface Costs {
  readonly tools: readonly { name: string; tokens: number }[];
  readonly pages: readonly PageCost[];
  readonly typical: readonly Cost[];
  readonly largest: readonly Cost[];
}

/** Measures everything on the demo company. */
export async function measureCosts(): Promise<Costs> {
  // Its clock stands still, so that all own reads would fall into the last millisecond of every window.
  const world = await startDemo({ simulator: { logsOwnReads: false } });
  try {
    const pages: PageCost[] = [];
    for (const [page, filters] of PAGES) pages.push(await pageCost(world, page, filters));
    return {
      tools: toolListTokens(),
      pages,
      typical: await costsOf(world, TYPICAL),
      largest: await costsOf(world, LARGEST),
    };
  } finally {
    await world.close();
  }
}

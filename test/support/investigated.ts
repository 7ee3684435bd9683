// Owns the answer of investigate_actor as tests read it, and the columns of its lists.
import { z } from 'zod';

export const answerSchema = z.looseObject({
  coverage: z.looseObject({ complete: z.boolean() }),
  notes: z.array(z.string()),
  profile: z.looseObject({ id: z.string() }),
  totals: z.record(z.string(), z.number()),
  live_tokens: z.array(z.looseObject({ kind: z.string(), id: z.string(), scopes: z.array(z.string()) })),
  networks: z.array(z.looseObject({ network: z.string(), events: z.number(), logins: z.number() })),
  logins: z.number(),
  failed_2fa: z.number(),
  by_event_key: z.record(z.string(), z.number()),
  hours: z.array(z.number()),
  columns: z.array(z.string()),
  admin_actions: z.array(z.array(z.string())),
  done_to: z.array(z.array(z.string())),
  timeline: z.array(z.array(z.string())),
  findings: z.array(
    z.looseObject({ rule: z.string(), severity: z.string(), next: z.array(z.looseObject({ tool: z.string() })) }),
  ),
});
export type Investigated = z.output<typeof answerSchema>;

export const column = ({ columns }: Investigated, rows: readonly string[][], name: string) =>
  rows.map((row) => row[columns.indexOf(name)]);

// Owns the parameters that tools share, with their words: every filter is spelled and described once.
import { z } from 'zod';
import { EVENT_GROUPS, eventKeySchema } from '../audit/event-keys.ts';

export const windowParams = {
  start_time: z
    .string()
    .optional()
    .describe('ISO-8601 with offset or Z, a bare date, now, or now-90m / now-24h / now-7d. Default now-24h'),
  end_time: z.string().optional().describe('Same forms; a bare date includes that day. Default now'),
  time_zone: z.string().optional().describe('IANA zone for bare dates and hours, e.g. Europe/Moscow'),
};

/** Never empty: the API takes an empty value for no filter, and would answer another question. */
const filterText = z.string().trim().min(1);

export const actorParam = filterText.optional().describe('Who acted: id, e-mail, @nickname or full name');

export const filterParams = {
  ...windowParams,
  event_keys: z.array(eventKeySchema).min(1).optional().describe('Only these events'),
  event_group: z.enum(EVENT_GROUPS).optional().describe('All events of one group'),
  actor: actorParam,
  actor_type: filterText.optional().describe('As the log has it, e.g. User'),
  entity_id: filterText.optional().describe('What was acted on: id of a user, chat, message, token'),
  entity_type: filterText.optional().describe('User, Chat, Message, AccessToken, …'),
  chat_id: filterText.optional().describe('Chat as entity or in the details'),
  ip_address: filterText.optional().describe('Address or CIDR range'),
  time_of_day: z.string().optional().describe('Only these local hours, e.g. 22:00-06:00'),
  include_own_reads: z.boolean().optional().describe("Keep this server's own reads of the log (marked)"),
};

/** A bounded whole number with its default in the words. */
export function countParam(minimum: number, maximum: number, words: string) {
  return z.int().min(minimum).max(maximum).optional().describe(words);
}

export const windowAnswer = z.object({
  start_time: z.string(),
  end_time: z.string().describe('Exclusive'),
  time_zone: z.string(),
});

export const coverageAnswer = z
  .object({
    complete: z.boolean().describe('False: something in the window was not read; do not conclude from absence'),
    stopped_by: z.string(),
    covered: z.array(z.object({ start_time: z.string(), end_time: z.string() })).optional(),
    requests: z.number(),
    from_store: z.number(),
    events_scanned: z.number(),
    own_reads: z.number(),
    estimate: z.object({ requests: z.number(), seconds: z.number() }).optional(),
  })
  .describe('What was read');

export const notesAnswer = z.array(z.string());

export const actorsAnswer = z
  .record(
    z.string(),
    z.object({
      name: z.string(),
      role: z.string().optional(),
      bot: z.boolean().optional(),
      suspended: z.boolean().optional(),
    }),
  )
  .optional()
  .describe('Names by id; role where it is not user');

/** What every answer over events carries. */
export const eventsAnswer = { window: windowAnswer, coverage: coverageAnswer, notes: notesAnswer };

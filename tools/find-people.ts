// Owns find_people: from a name that a person says to the id that the log uses.
import { z } from 'zod';
import { NAME_WORDS } from '../src/mcp/name-wording.ts';
import { countParam, notesAnswer } from '../src/mcp/params.ts';
import { personNotes } from '../src/mcp/text-notes.ts';
import { defineTool, READS_LOG } from '../src/mcp/tool.ts';

const LIMIT_DEFAULT = 10;

export const findPeople = defineTool({
  name: 'find_people',
  title: 'Find people',
  description:
    'Finds people and bots of the workspace by a part of the name, nickname or e-mail, by id, or by what they are: owner, admin, guest, bot, suspended.',
  hints: READS_LOG,
  input: z.strictObject({
    query: z.string().trim().min(1).describe('Part of a name, @nickname, e-mail, an id, or a role'),
    limit: countParam(1, 100, `1–100. Default ${LIMIT_DEFAULT}`),
  }),
  output: z.object({
    people: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        nickname: z.string().optional(),
        role: z.string().optional(),
        bot: z.boolean().optional(),
        suspended: z.boolean().optional(),
      }),
    ),
    has_more: z.boolean(),
    notes: notesAnswer,
  }),
  async run({ query, limit = LIMIT_DEFAULT }, context) {
    const found = await context.people.find(query, limit + 1, context);
    const { lang } = context.settings;
    const people = found.slice(0, limit);
    const notes = found.length === 0 ? [NAME_WORDS[lang].nobody] : personNotes(people, lang);
    return { structured: { people, has_more: found.length > limit, notes } };
  },
});

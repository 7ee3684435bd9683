// Owns send_security_alert: one message to a person on the list, sent once and given back as it was sent.
import { z } from 'zod';
import { inputError } from '../src/mcp/input.ts';
import { defineTool } from '../src/mcp/tool.ts';
import { cleanLines } from '../src/text/clean.ts';

const MESSAGE_MAX = 4000;

export const sendSecurityAlert = defineTool({
  name: 'send_security_alert',
  title: 'Send security alert',
  description:
    "Sends a message in Pachca, from the token's owner to a person on the alert list, when the user asks for it. " +
    'One attempt, never repeated; returns what was sent.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    recipient: z.string().trim().describe('Id of a person on the alert list; a wrong one is answered with the list'),
    message: z
      .string()
      .max(MESSAGE_MAX)
      .describe(`Plain text, at most ${MESSAGE_MAX} characters; line breaks are kept`),
  }),
  output: z.object({ message_id: z.string(), sent_text: z.string().describe('Exactly what was posted') }),
  async run({ recipient, message }, { alerts, signal }) {
    const text = cleanLines(message);
    if (text === '') throw inputError([{ field: 'message', message: 'holds nothing that can be seen' }]);
    const { messageId } = await alerts.send(recipient, text, { signal });
    return { structured: { message_id: messageId, sent_text: text }, multiline: ['sent_text'] };
  },
});

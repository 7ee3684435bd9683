// Owns how prompts are listed and given.
import type { McpServer } from '@modelcontextprotocol/server';
import { PROMPTS, promptText, type PromptContext } from './prompts.ts';

export function registerPrompts(server: McpServer, context: PromptContext): void {
  for (const prompt of PROMPTS) {
    const described = { title: prompt.title[context.lang], description: prompt.description[context.lang] };
    server.registerPrompt(prompt.name, { ...described, argsSchema: prompt.arguments }, (given) => ({
      messages: [
        { role: 'user' as const, content: { type: 'text' as const, text: promptText(prompt, given, context) } },
      ],
    }));
  }
}

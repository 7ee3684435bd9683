// Tests the prompts: languages, arguments, and hostile ones.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROMPTS, promptText } from '../../src/mcp/prompts.ts';
import { tokenEstimate } from '../../src/text/tokens.ts';
import { TOOLS } from '../../tools/index.ts';
import { BUILT, cleanEnv } from '../support/built.ts';
import { forbiddenCharacters, HOSTILE_CORPUS } from '../support/hostile-corpus.ts';
import { CLIENT_MODES, connectClient, type TestClient } from '../support/mcp-clients.ts';

const toolNames = [...TOOLS.map(({ name }) => name), 'find_risky_changes'];
const NAMES = ['review_suspicious_logins', 'weekly_security_review', 'incident_timeline', 'offboarding_check'];
const given = { person: 'Петрова' };

describe.each(CLIENT_MODES)('the prompts, for a client of %s', (mode) => {
  let client: TestClient;
  beforeAll(async () => {
    const args = [BUILT, '--lang', 'ru', '--exclude-tools', 'investigate_actor'];
    client = await connectClient(mode, { command: process.execPath, args, env: cleanEnv() });
  });
  afterAll(() => client.close());

  test('are four, in the language of the server, with described arguments', async () => {
    const prompts = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(NAMES);
    expect(prompts.map(({ title }) => title).join()).toMatch(/^[^A-Za-z]+$/u);
    for (const { arguments: list } of prompts) {
      expect(list).toEqual(
        expect.arrayContaining([{ name: 'language', description: expect.stringMatching(/.+/u), required: false }]),
      );
    }
  });

  test('are written in the language asked for, and never name a tool that is not served', async () => {
    const [russian] = await client.getPrompt('incident_timeline', { person: 'Петрова', start_time: '2026-03-01' });
    expect(russian).toContain('Восстанови инцидент вокруг «Петрова», start_time: 2026-03-01, end_time: now.');
    expect(russian).not.toContain('investigate_actor');
    const [english] = await client.getPrompt('review_suspicious_logins', { language: 'en' });
    expect(english).toContain('Review the logins of our Pachca workspace, start_time: now-7d');
  });

  test('refuse a missing person and another language', async () => {
    await expect(client.getPrompt('offboarding_check')).rejects.toThrow(/person/u);
    await expect(client.getPrompt('weekly_security_review', { language: 'de' })).rejects.toThrow(/language/u);
  });
});

describe('the text of a prompt', () => {
  const texts = PROMPTS.flatMap((prompt) =>
    (['en', 'ru'] as const).map((lang) => [prompt.name, lang, promptText(prompt, given, { lang, toolNames })] as const),
  );

  test.each(texts)('%s in %s is short, numbered, and leaves no gap unfilled', (_name, _lang, text) => {
    expect(text).not.toMatch(/[{}]|undefined/u);
    expect(text).toMatch(/\n1\. .*\n2\. /u);
    expect(tokenEstimate(text)).toBeLessThan(1500);
  });

  test('names only tools that there are', () => {
    const named = texts.flatMap(([, , text]) => text.match(/\b(?:find|list|aggregate|investigate|export)_[a-z_]+/gu));
    expect([...new Set(named)].filter((name) => name === null || !toolNames.includes(name))).toEqual([]);
  });

  test('takes no hidden characters from its arguments', () => {
    for (const { text } of HOSTILE_CORPUS) {
      for (const prompt of PROMPTS) {
        const written = promptText(
          prompt,
          { person: text, start_time: text, end_time: text },
          { lang: 'ru', toolNames },
        );
        expect(forbiddenCharacters(written.replaceAll('\n', ''))).toEqual([]);
        expect(written.split('\n')).toHaveLength(
          promptText(prompt, given, { lang: 'ru', toolNames }).split('\n').length,
        );
      }
    }
  });
});

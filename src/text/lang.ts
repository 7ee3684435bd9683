// Owns the languages that the program speaks to people, and what a text in all of them is.

export const LANGS = ['en', 'ru'] as const;
export type Lang = (typeof LANGS)[number];
export type Text = Readonly<Record<Lang, string>>;

/** Each once: texts are the same where their words are. */
export function distinctTexts(texts: readonly Text[]): Text[] {
  return [...new Map(texts.map((text) => [text.en, text])).values()];
}

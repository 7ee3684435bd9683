// Owns the words about names of people: why they are not shown, and why nobody was found.
import type { Lang } from './note-wording.ts';

interface NameWords {
  readonly offline: string;
  missingScope(scope: string): string;
  unread(reason: string): string;
  unnamed(ids: string, more: number): string;
  readonly nobody: string;
}

export const NAME_WORDS: Readonly<Record<Lang, NameWords>> = {
  en: {
    offline: 'Names are not shown: an exported file holds ids only.',
    missingScope: (scope) => `Names are not shown: the token lacks the scope ${scope}.`,
    unread: (reason) => `Some names are not shown: people could not be read (${reason}).`,
    unnamed: (ids, more) =>
      `Not in the directory, so without a name: ${ids}${more > 0 ? ` and ${more} more` : ''}. Deleted accounts are not in it.`,
    nobody: 'No person or bot matches. Deleted people are not in the directory; the log knows ids.',
  },
  ru: {
    offline: 'Имена не показаны: в выгрузке только id.',
    missingScope: (scope) => `Имена не показаны: у токена нет скоупа ${scope}.`,
    unread: (reason) => `Часть имён не показана: прочитать людей не удалось (${reason}).`,
    unnamed: (ids, more) =>
      `Нет в справочнике, поэтому без имени: ${ids}${more > 0 ? ` и ещё ${more}` : ''}. Удалённых учётных записей там нет.`,
    nobody: 'Ни человек, ни бот не подходит. Удалённых людей в справочнике нет; журнал знает их id.',
  },
};

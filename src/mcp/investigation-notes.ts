// Owns what is said about an investigation of one person: what was not read, what is not shown, what the log cannot tell.
import type { AuditQuery } from '../audit/query.ts';
import { leftOutNotes } from '../detect/not-observable.ts';
import { emptyNotes } from './empty-notes.ts';
import { strangerNotes } from './finding-out.ts';
import type { Investigation, StagePart } from './investigation.ts';
import { NOTE_WORDS } from './note-wording.ts';
import { readNotes } from './read-notes.ts';
import { skippedNotes } from './rule-choice.ts';
import type { ToolContext } from './tool.ts';
import type { Lang } from '../text/lang.ts';

interface Words {
  readonly parts: Readonly<Record<StagePart, string>>;
  notWhole(parts: string): string;
  scanned(events: number): string;
  readonly habitsCut: string;
  inPart(lists: string): string;
  ofAll(name: string, shown: number, all: number): string;
  readonly tokensCut: string;
  readonly noToken: string;
}

const WORDS: Readonly<Record<Lang, Words>> = {
  en: {
    parts: {
      own: 'what the person did',
      about: 'what was done to the person',
      tokens: 'tokens',
      naming: 'events that name the person in their details',
    },
    notWhole: (parts) => `Not read whole: ${parts}.`,
    scanned: (events) =>
      `The API cannot filter by people in the details: ${events} events of others were scanned here.`,
    habitsCut: 'The 30 days before were not read whole: habits are known in part only.',
    inPart: (lists) => `Shown in part, the newest or most notable: ${lists}. The rest is in list_audit_events.`,
    ofAll: (name, shown, all) => `${name} ${shown} of ${all}`,
    tokensCut: 'Tokens were not read whole: which are alive is known in part only.',
    noToken:
      'No access token or OAuth grant is known to be alive; those from before live_tokens_since are not in the log, and tokens of bots are not looked at.',
  },
  ru: {
    parts: {
      own: 'действия самого человека',
      about: 'действия над ним',
      tokens: 'токены',
      naming: 'события, где он назван в подробностях',
    },
    notWhole: (parts) => `Прочитано не целиком: ${parts}.`,
    scanned: (events) => `API не фильтрует по людям в подробностях; чужих событий просмотрено здесь: ${events}.`,
    habitsCut: '30 дней до периода прочитаны не целиком: привычки известны лишь отчасти.',
    inPart: (lists) => `Показано не всё, а самое новое или важное: ${lists}. Остальное есть в list_audit_events.`,
    ofAll: (name, shown, all) => `${name} ${shown} из ${all}`,
    tokensCut: 'Токены прочитаны не целиком: какие из них действуют, известно лишь отчасти.',
    noToken:
      'Действующих токенов доступа и разрешений приложениям не видно; выданных до live_tokens_since в журнале нет, а токены ботов не учитываются.',
  },
};

/** How much of a list the answer holds. */
export interface ListShown {
  readonly name: string;
  readonly shown: number;
  readonly all: number;
}

function inPartNotes(lists: readonly ListShown[], words: Words): string[] {
  const cut = lists.filter(({ shown, all }) => shown < all);
  return cut.length === 0
    ? []
    : [words.inPart(cut.map(({ name, shown, all }) => words.ofAll(name, shown, all)).join(', '))];
}

function tokenNotes({ tokens, tokensComplete }: Investigation, words: Words): string[] {
  if (!tokensComplete) return [words.tokensCut];
  return tokens.length > 0 ? [] : [words.noToken];
}

export interface Investigated {
  readonly found: Investigation;
  /** For the person's own events in the window. */
  readonly query: AuditQuery;
  readonly lists: readonly ListShown[];
}

export function investigationNotes({ found, query, lists }: Investigated, context: ToolContext): string[] {
  const { lang } = context.settings;
  const words = WORDS[lang];
  const { judged, coverage, gaps } = found;
  const parts = gaps.map(({ part, stoppedBy }) => `${words.parts[part]} (${stoppedBy})`);
  const isEmpty = found.activity.events + found.doneTo.count() === 0;
  return [
    ...readNotes(query, coverage, context),
    ...(parts.length === 0 ? [] : [words.notWhole(parts.join('; '))]),
    words.scanned(found.scanned),
    ...(judged.baselineComplete ? [] : [words.habitsCut]),
    ...skippedNotes(found.skipped, lang),
    ...inPartNotes(lists, words),
    ...leftOutNotes(judged.result.leftOut, lang),
    ...(judged.result.findings.length === 0 ? [] : [NOTE_WORDS[lang].ordinaryUnknown]),
    ...strangerNotes(judged.result.findings, context.settings),
    ...found.textNotes,
    ...(isEmpty ? emptyNotes(query, coverage, context) : []),
    ...tokenNotes(found, words),
  ];
}

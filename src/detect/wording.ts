// Owns how findings are worded: the lookup of a rule's words and the one way in which facts get into a sentence.
import type { Facts, RuleWording } from './detector.ts';
import type { RuleId } from './rule-ids.ts';
import { CONTENT_WORDING } from './wording-content.ts';
import { LOGIN_WORDING } from './wording-logins.ts';
import { RIGHTS_WORDING } from './wording-rights.ts';
import type { Lang } from '../text/lang.ts';

/** All rules' words. */
export const WORDING = { ...LOGIN_WORDING, ...RIGHTS_WORDING, ...CONTENT_WORDING } satisfies Record<
  RuleId,
  RuleWording
>;

/** The words of one rule. */
export function wordingOf(rule: RuleId): RuleWording {
  return WORDING[rule];
}

/** What may be quoted in a sentence: ids, addresses, known names. Nothing that could read as a sentence itself. */
const PLAIN = /^[\p{L}\p{N}][\p{L}\p{N}.,:/+()_-]*(?: [\p{L}\p{N}.,:/+()_-]+){0,3}$/u;

function plain(value: string): string {
  return value.length <= 64 && PLAIN.test(value) ? value : '***';
}

function shown(value: string | number | undefined, lang: Lang): string {
  if (value === undefined) return '***';
  if (typeof value === 'string') return plain(value);
  const number = String(Math.round(value * 10) / 10);
  return lang === 'ru' ? number.replace('.', ',') : number;
}

/** `template` with its {placeholders} filled from `facts`; what is unknown or not plain is masked as "***". */
export function fill(template: string, facts: Facts, lang: Lang): string {
  return template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => shown(facts[name], lang));
}

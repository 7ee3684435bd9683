// Owns the description of every rule for people and models: made of what the rules themselves say, never written twice.
import { ATTACK_VERSION, type Detector } from './detector.ts';
import { LOGIN_DETECTORS } from './index.ts';
import { RISKY_CHANGE_DETECTORS } from './risky-changes.ts';
import { wordingOf } from './wording.ts';
import type { Lang } from '../text/lang.ts';

const UNITS: readonly (readonly [ms: number, words: Readonly<Record<Lang, string>>])[] = [
  [86_400_000, { en: 'days', ru: 'дн.' }],
  [3_600_000, { en: 'h', ru: 'ч' }],
  [60_000, { en: 'min', ru: 'мин' }],
  [1000, { en: 's', ru: 'с' }],
];
/** "24 h" and "60 min" say more about a window than "1 days" and "1 h" do. */
const LEAST_OF_A_UNIT = 2;

/** A parameter as a person says it: names that end in Ms are spans of time. */
function shown(name: string, value: number, lang: Lang): string {
  if (!name.endsWith('Ms')) return String(value);
  const unit = UNITS.find(([ms]) => value >= LEAST_OF_A_UNIT * ms && value % ms === 0);
  return unit === undefined ? `${value} ms` : `${value / unit[0]} ${unit[1][lang]}`;
}

/** What one rule does, in one language. */
export interface RuleDescription {
  readonly rule: string;
  /** In the catalogue of docs/detections.md. */
  readonly code: string;
  readonly tool: string;
  readonly title: string;
  /** Usual severity; `logic` says when it is another. */
  readonly severity: string;
  readonly logic: string;
  readonly thresholds: Readonly<Record<string, string>>;
  readonly event_keys: readonly string[];
  /** What it learns from: nothing, the actor's own past, or the whole company's. */
  readonly baseline: string;
  readonly attack: readonly { readonly technique: string; readonly version: string }[];
  readonly false_positives: readonly string[];
  readonly blind_spots: string;
}

function describeRule(tool: string, detector: Detector, lang: Lang): RuleDescription {
  const { rule, code, severity, params, techniques, baseline, eventKeys, logic, blindSpots } = detector;
  const thresholds = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, shown(name, value, lang)]),
  );
  const withNumbers = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => thresholds[name] ?? whole);
  const wording = wordingOf(rule);
  return {
    rule,
    code,
    tool,
    title: wording.title[lang],
    severity,
    logic: withNumbers(logic[lang]),
    thresholds,
    event_keys: eventKeys,
    baseline,
    attack: techniques.map((technique) => ({ technique, version: ATTACK_VERSION })),
    false_positives: wording.benign[lang],
    blind_spots: withNumbers(blindSpots[lang]),
  };
}

/** All rules, those on logins first, by their number in the catalogue. */
export function describeRules(lang: Lang): RuleDescription[] {
  const describe = (tool: string, detectors: readonly Detector[]): RuleDescription[] =>
    detectors
      .toSorted((a, b) => Number(a.code.slice(1)) - Number(b.code.slice(1)))
      .map((detector) => describeRule(tool, detector, lang));
  return [
    ...describe('find_suspicious_logins', LOGIN_DETECTORS),
    ...describe('find_risky_changes', RISKY_CHANGE_DETECTORS),
  ];
}

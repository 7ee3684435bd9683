// Tests how rules and their parameters are described to people.
import { describe, expect, test } from 'vitest';
import { describeRules } from '../../src/detect/catalogue.ts';
import { RULE_CODES } from '../../src/detect/rule-ids.ts';

describe('describeRules', () => {
  test.each(['en', 'ru'] as const)('describes all 28 rules of the catalogue with whole sentences (%s)', (lang) => {
    const rules = describeRules(lang);
    expect(rules.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 12 }, (_, index) => `L${index + 1}`),
      ...Array.from({ length: 16 }, (_, index) => `W${index + 1}`),
    ]);
    expect(Object.fromEntries(rules.map(({ rule, code }) => [rule, code]))).toEqual(RULE_CODES);
    for (const one of rules) {
      expect(`${one.title} ${one.logic} ${one.blind_spots}`).not.toMatch(/[{}]|undefined|NaN/);
      expect(one.false_positives.length).toBeGreaterThan(0);
      expect(one.attack.length).toBeGreaterThan(0);
    }
  });

  test('says spans of time in units that people use', () => {
    const thresholds = (lang: 'en' | 'ru', rule: string) =>
      describeRules(lang).find((one) => one.rule === rule)?.thresholds;
    expect(thresholds('en', 'failed_2fa_burst')).toEqual({ failures: '5', windowMs: '10 min' });
    expect(thresholds('en', 'dormant_account_active')).toEqual({ silenceMs: '45 days', graceMs: '5 min' });
    expect(thresholds('ru', 'takeover_chain')).toEqual({ chainMs: '24 ч' });
  });
});

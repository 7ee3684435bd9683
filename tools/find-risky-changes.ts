// Owns find_risky_changes: what people did with rights, tokens, chats, messages and integrations that looks like an attack.
import { z } from 'zod';
import { changeRun, RISKY_CHANGE_DETECTORS } from '../src/detect/risky-changes.ts';
import { CHANGE_RULES } from '../src/detect/rule-ids.ts';
import { findingsInput } from '../src/mcp/findings-question.ts';
import { findings, findingsOutput } from '../src/mcp/findings.ts';
import type { RuleSet } from '../src/mcp/staged.ts';
import { defineTool, READS_LOG } from '../src/mcp/tool.ts';

const RULES: RuleSet = {
  detectors: RISKY_CHANGE_DETECTORS,
  supporting: (used) => changeRun(used).supporting,
};

export const findRiskyChanges = defineTool({
  name: 'find_risky_changes',
  title: 'Find risky changes',
  description:
    'Judges what was done with rights, accounts, tokens, chats, messages, searches, bots and the log itself: takeovers step by ' +
    'step, purges, opened chats, harvesting, mass deletion, strangers reading the log. Shape as find_suspicious_logins. Without times: the last 24 hours.',
  hints: READS_LOG,
  input: findingsInput(Object.keys(CHANGE_RULES)),
  output: findingsOutput(z.record(z.string(), z.number()).describe('Findings by the rule that names them')),
  async run(arguments_, context) {
    const totalsOf = ({ findings: all }: { findings: readonly { rule: string }[] }): Record<string, number> => {
      const totals: Record<string, number> = {};
      for (const { rule } of all) totals[rule] = (totals[rule] ?? 0) + 1;
      return totals;
    };
    return { structured: await findings('find_risky_changes', RULES, totalsOf, arguments_, context) };
  },
});

// Owns find_suspicious_logins: what looks like an attack on the way in, with the evidence and the harmless look-alike.
import { z } from 'zod';
import { LOGIN_DETECTORS } from '../src/detect/index.ts';
import { LOGIN_RULES } from '../src/detect/rule-ids.ts';
import { findingsInput } from '../src/mcp/findings-question.ts';
import { findings, findingsOutput } from '../src/mcp/findings.ts';
import { defineTool, READS_LOG } from '../src/mcp/tool.ts';

export const findSuspiciousLogins = defineTool({
  name: 'find_suspicious_logins',
  title: 'Find suspicious logins',
  description:
    'Judges logins and second factors of a window against the habits before it: guessing, spraying, programs, new places. ' +
    'Each finding says why, what harmless thing looks the same, and where the evidence is. Without times: the last 24 hours.',
  hints: READS_LOG,
  input: findingsInput(Object.keys(LOGIN_RULES)),
  output: findingsOutput(
    z.object({
      logins: z.number(),
      failed_2fa: z.number(),
      succeeded_2fa: z.number(),
      actors: z.number(),
      ip_addresses: z.number(),
    }),
  ),
  async run(arguments_, context) {
    return {
      structured: await findings(
        'find_suspicious_logins',
        { detectors: LOGIN_DETECTORS },
        ({ totals }) => totals,
        arguments_,
        context,
      ),
    };
  },
});

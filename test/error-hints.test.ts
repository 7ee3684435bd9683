// Tests that every error says what to do next.
import { describe, expect, test } from 'vitest';
import { ERROR_HINTS } from '../src/error-hints.ts';
import { ERROR_CODES, type ErrorCode } from '../src/errors.ts';
import { startWorld } from './support/world.ts';

/** What whoever reads the hint must learn from it. */
const FIXES = {
  invalid_input: /arguments/u,
  invalid_cursor: /without cursor/u,
  ambiguous_actor: /id of one of the candidates/u,
  invalid_token: /PACHCA_TOKEN.*workspace owner.*Автоматизации → API/u,
  missing_scope: /Автоматизации → API.*audit_events:read.*users:read.*messages:create/u,
  not_owner: /Only the token of the workspace owner.*Автоматизации → API/u,
  plan_required: /Корпорация/u,
  not_found: /id/u,
  rejected: /named fields/u,
  range_too_large: /shorter window/u,
  rate_limited: /retry_after_seconds/u,
  unavailable: /side of Pachca/u,
  timeout: /shorter window/u,
  network: /PACHCA_API_URL/u,
  bad_response: /PACHCA_API_URL/u,
  not_configured: /PACHCA_TOKEN.*--demo/u,
  file_exists: /overwrite: true/u,
  outside_export_dir: /plain file name/u,
  no_space: /same call again/u,
  internal: /fault of this program/u,
} as const satisfies Record<ErrorCode, RegExp>;

describe('the hint of an error', () => {
  test.each(ERROR_CODES)('%s says what to do', (code) => {
    expect(ERROR_HINTS[code].hint).toMatch(FIXES[code]);
    // One sentence, as an agent quotes it.
    expect(ERROR_HINTS[code].hint.length).toBeLessThan(250);
  });

  test.each([
    ['find_people', { query: 'Иванов' }, 'demo-no-users', 'users:read'],
    ['list_audit_events', {}, 'demo-no-scope', 'audit_events:read'],
    ['send_security_alert', { recipient: '1000', message: 'x' }, 'demo-no-messages', 'messages:create'],
  ])('of %s names the scope that is missing', async (tool, input, token, scope) => {
    const world = await startWorld({ simulator: { events: [] }, token, alertTo: ['1000'] });
    try {
      const { code, message } = await world.failure(tool, input);
      expect([code, message.includes(scope)]).toEqual(['missing_scope', true]);
    } finally {
      await world.close();
    }
  });
});

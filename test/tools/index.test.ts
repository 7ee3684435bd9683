// Tests which tools are served.
import { describe, expect, test } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { servedTools, TOOLS, type ToolChoice } from '../../tools/index.ts';

const ALL = TOOLS.map(({ name }) => name);
const served = (choice: ToolChoice) => servedTools(choice).map(({ name }) => name);

function failure(choice: ToolChoice): AuditError {
  try {
    servedTools(choice);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the list of tools', () => {
  test('has send_security_alert only where somebody may receive alerts', () => {
    expect(served({})).toEqual(ALL.filter((name) => name !== 'send_security_alert'));
    expect(served({ alertTo: [] })).not.toContain('send_security_alert');
    expect(served({ alertTo: ['7'] })).toEqual(ALL);
  });

  test('is narrowed in its own order, and what is excluded stays out', () => {
    expect(served({ tools: ['check_access', 'list_audit_events'] })).toEqual(['list_audit_events', 'check_access']);
    expect(served({ tools: ['check_access', 'find_people'], excludeTools: ['find_people'] })).toEqual(['check_access']);
    expect(served({ excludeTools: ['send_security_alert'] })).toEqual(served({}));
  });

  test.each([
    ['--tools', { tools: ['list_events'] }],
    ['--exclude-tools', { excludeTools: ['list_events'] }],
  ])('stops the start at an unknown name in %s, with the right ones', (flag, choice) => {
    const error = failure(choice);
    expect([error.code, error.fields?.[0]?.field, error.fields?.[0]?.value]).toEqual([
      'invalid_input',
      flag,
      'list_events',
    ]);
    expect(error.hint).toContain('list_audit_events');
  });

  test('says what send_security_alert is waiting for', () => {
    expect(failure({ tools: ['send_security_alert'] }).hint).toContain('PACHCA_AUDIT_ALERT_TO');
  });

  test('is never empty', () => {
    expect(failure({ excludeTools: ALL }).code).toBe('invalid_input');
  });
});

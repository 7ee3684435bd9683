// The only list of tools, in the order that clients show them, and which of them a server gives away.
import { AuditError } from '../src/errors.ts';
import type { Tool } from '../src/mcp/tool.ts';
import { aggregateAuditEvents } from './aggregate-audit-events.ts';
import { checkAccess } from './check-access.ts';
import { exportAuditWindow } from './export-audit-window.ts';
import { findPeople } from './find-people.ts';
import { findRiskyChanges } from './find-risky-changes.ts';
import { findSuspiciousLogins } from './find-suspicious-logins.ts';
import { investigateActor } from './investigate-actor.ts';
import { followAuditEvents } from './follow-audit-events.ts';
import { listAuditEvents } from './list-audit-events.ts';
import { sendSecurityAlert } from './send-security-alert.ts';

export const TOOLS: readonly Tool[] = [
  listAuditEvents,
  aggregateAuditEvents,
  findSuspiciousLogins,
  findRiskyChanges,
  investigateActor,
  followAuditEvents,
  exportAuditWindow,
  findPeople,
  checkAccess,
  sendSecurityAlert,
];

export interface ToolChoice {
  /** Who may receive alerts; without anybody there is no tool for it. */
  readonly alertTo?: readonly string[] | undefined;
  /** Only these. */
  readonly tools?: readonly string[] | undefined;
  /** Not these; wins over `tools`. */
  readonly excludeTools?: readonly string[] | undefined;
}

/** The tools of a server with these settings. Throws `invalid_input` for a name that is none, with the right ones. */
export function servedTools({ alertTo = [], tools, excludeTools = [] }: ToolChoice): readonly Tool[] {
  const available = TOOLS.filter((tool) => tool !== sendSecurityAlert || alertTo.length > 0);
  refuseUnknown('--tools', tools ?? [], available);
  // To leave out what is not there anyway does no harm.
  refuseUnknown('--exclude-tools', excludeTools, TOOLS);
  const served = available.filter(({ name }) => (tools?.includes(name) ?? true) && !excludeTools.includes(name));
  if (served.length > 0) return served;
  throw new AuditError('invalid_input', '--tools and --exclude-tools leave no tool.', {
    hint: 'Leave one of them out.',
    fields: [{ field: '--exclude-tools', message: 'leaves no tool' }],
  });
}

function refuseUnknown(flag: string, names: readonly string[], available: readonly Tool[]): void {
  const allowed = available.map(({ name }) => name);
  const unknown = names.filter((name) => !allowed.includes(name));
  if (unknown.length === 0) return;
  const needsList = unknown.includes(sendSecurityAlert.name);
  throw new AuditError('invalid_input', `${flag}: no such tool: ${unknown.join(', ')}.`, {
    hint: `The tools are: ${allowed.join(', ')}.${needsList ? ' send_security_alert is there once PACHCA_AUDIT_ALERT_TO is set.' : ''}`,
    fields: unknown.map((value) => ({ field: flag, message: 'no such tool', value, allowed })),
  });
}

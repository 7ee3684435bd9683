// The only list of tools, in the order that clients show them.
import type { Tool } from '../src/mcp/tool.ts';
import { checkAccess } from './check-access.ts';
import { exportAuditWindow } from './export-audit-window.ts';
import { findPeople } from './find-people.ts';
import { findSuspiciousLogins } from './find-suspicious-logins.ts';
import { listAuditEvents } from './list-audit-events.ts';

export const TOOLS: readonly Tool[] = [
  listAuditEvents,
  findSuspiciousLogins,
  exportAuditWindow,
  findPeople,
  checkAccess,
];

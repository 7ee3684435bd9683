// Owns the audit log that answers from the API.
import type { AuditLog } from './audit-log.ts';
import { readInOrder } from './ordered.ts';
import { readSlices, type LogParts } from './window.ts';

/** The log behind `http`. Reads begin when they are iterated, and end when the iteration is left. */
export function createApiLog(parts: LogParts): AuditLog {
  return {
    read: (query, options = {}) => readInOrder(parts, query, options),
    readSlices: (query, options = {}) => readSlices(parts, query, options),
  };
}

// Owns what an export format is: one event, one line, and enough of the way back to check a file.
import type { AuditEvent } from '../audit/event.ts';

/** What a line tells of its event, as the format prints it. */
export interface RowFacts {
  readonly id: string;
  readonly created_at: string;
  readonly event_key: string;
}

export interface ExportFormat {
  /** Of the file name, without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** What the file begins with; empty, or whole lines. */
  readonly head: string;
  /** The event as exactly one line, its line end included, whatever the texts hold. */
  readonly row: (event: AuditEvent) => string;
  /** Whether `row` gives just what the spool keeps: such a file is copied bytes, with nothing parsed twice. */
  readonly isSpoolForm: boolean;
  /** Reads a line (without its end) back; undefined where it is no row of this format. */
  readonly readRow: (line: string) => RowFacts | undefined;
  /** How `readRow` gives back a text that the event held. */
  readonly printed: (text: string) => string;
}

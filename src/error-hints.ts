// Owns the wording of what to do about each error code, and whether the same call may do better later.
import type { ErrorCode } from './errors.ts';

export interface ErrorHint {
  /** One sentence: a fact about the cause, or the way out. */
  hint: string;
  retryable: boolean;
}

export const ERROR_HINTS = {
  invalid_input: {
    hint: 'Correct the named arguments and call again; the tool schema lists what each may hold.',
    retryable: false,
  },
  invalid_cursor: {
    hint: 'Repeat the first call without cursor; a cursor is valid only as it was given, alone, and for the tool that gave it.',
    retryable: false,
  },
  ambiguous_actor: { hint: 'Call again with the id of one of the candidates as actor.', retryable: false },
  invalid_token: {
    hint: 'Set PACHCA_TOKEN (or PACHCA_TOKEN_FILE) to a valid token of the workspace owner: Pachca → Автоматизации → API.',
    retryable: false,
  },
  missing_scope: {
    hint: 'Give the token the named scope in Pachca → Автоматизации → API: audit_events:read for the log, users:read for names, messages:create for alerts.',
    retryable: false,
  },
  not_owner: {
    hint: 'Only the token of the workspace owner can read the audit log: the owner creates it in Pachca → Автоматизации → API, with the scope audit_events:read.',
    retryable: false,
  },
  plan_required: {
    hint: 'The audit log is part of the plan "Corporation" (Корпорация) only; the workspace owner can change the plan in Pachca.',
    retryable: false,
  },
  not_found: {
    hint: 'Check the id; where every call fails so, check PACHCA_API_URL.',
    retryable: false,
  },
  rejected: {
    hint: 'Correct the named fields, where there are any: the API, or a proxy on the way to it, does not take this request.',
    retryable: false,
  },
  range_too_large: { hint: 'Ask for a shorter window, or for one event key at a time.', retryable: false },
  rate_limited: {
    hint: 'Wait for a minute, or for retry_after_seconds where they are said, and look for other programs that use the same token: about 50 requests a second is the limit of a token, whoever sends them.',
    retryable: true,
  },
  unavailable: { hint: 'Try again in a minute: the failure is on the side of Pachca.', retryable: true },
  timeout: { hint: 'Try again, with a shorter window if it happens twice.', retryable: true },
  network: {
    hint: 'Check that this machine reaches PACHCA_API_URL (connection, proxy, firewall), then try again.',
    retryable: true,
  },
  bad_response: {
    hint: 'Check that PACHCA_API_URL leads to the Pachca API and not to a proxy or a login page; if it does, report this with the request id.',
    retryable: false,
  },
  not_configured: {
    hint: 'Set PACHCA_TOKEN to a token of the workspace owner, or start with --demo, which needs no token.',
    retryable: false,
  },
  file_exists: { hint: 'Give another file_name, or overwrite: true.', retryable: false },
  outside_export_dir: {
    hint: 'Give a plain file name; PACHCA_AUDIT_EXPORT_DIR or --export-dir sets the only folder that is written to.',
    retryable: false,
  },
  no_space: {
    hint: 'Free space on the disk and make the same call again: what was read is kept and not read twice.',
    retryable: true,
  },
  internal: { hint: 'This is a fault of this program: please report it with the message.', retryable: false },
} as const satisfies Record<ErrorCode, ErrorHint>;

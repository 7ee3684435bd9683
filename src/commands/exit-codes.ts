// Owns the exit codes: what a script may conclude from how the program ended.
import type { ErrorCode } from '../errors.ts';

export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  access: 3,
  api: 4,
  partial: 5,
  severe: 10,
  interrupted: 130,
} as const;

const EXIT_OF_ERROR = {
  invalid_input: EXIT.usage,
  invalid_cursor: EXIT.usage,
  ambiguous_actor: EXIT.usage,
  not_configured: EXIT.usage,
  file_exists: EXIT.usage,
  outside_export_dir: EXIT.usage,
  not_found: EXIT.usage,
  invalid_token: EXIT.access,
  missing_scope: EXIT.access,
  not_owner: EXIT.access,
  plan_required: EXIT.access,
  rejected: EXIT.api,
  range_too_large: EXIT.api,
  rate_limited: EXIT.api,
  unavailable: EXIT.api,
  timeout: EXIT.api,
  network: EXIT.api,
  bad_response: EXIT.api,
  no_space: EXIT.partial,
  internal: EXIT.unexpected,
} as const satisfies Record<ErrorCode, number>;

/** The exit code for a failure with `code`. */
export function exitCodeOf(code: ErrorCode): number {
  return EXIT_OF_ERROR[code];
}

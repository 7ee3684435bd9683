// Owns the error codes of the public contract and the one error class that carries them.

/** Codes that a client may rely on; see the hint of each in error-hints.ts. */
export const ERROR_CODES = [
  'invalid_input',
  'invalid_cursor',
  'ambiguous_actor',
  'invalid_token',
  'missing_scope',
  'not_owner',
  'plan_required',
  'not_found',
  'rejected',
  'range_too_large',
  'rate_limited',
  'unavailable',
  'timeout',
  'network',
  'bad_response',
  'not_configured',
  'file_exists',
  'outside_export_dir',
  'no_space',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One wrong value: `field` as the caller wrote it, `message` what is wrong, `allowed` the right values where they are few. */
export interface FieldError {
  field: string;
  message: string;
  value?: string;
  allowed?: readonly string[];
}

export interface AuditErrorOptions {
  /** What to do, in one sentence; without it, the hint of the code. */
  hint?: string;
  /** HTTP status of the API's answer. */
  status?: number;
  requestId?: string;
  retryAfterSeconds?: number;
  fields?: readonly FieldError[];
  /** Whether the same call may do better later, where that differs from what the code says. */
  retryable?: boolean;
  cause?: unknown;
}

/** Everything that this program expects to go wrong. `message` says what failed; it never holds the token. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: readonly FieldError[] | undefined;
  readonly retryable: boolean | undefined;

  constructor(code: ErrorCode, message: string, options: AuditErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.status = options.status;
    this.requestId = options.requestId;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.fields = options.fields;
    this.retryable = options.retryable;
  }
}

/** `error` as an AuditError: itself, or wrapped as `internal`. */
export function toAuditError(error: unknown): AuditError {
  if (error instanceof AuditError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AuditError('internal', `Unexpected failure: ${message}`, { cause: error });
}

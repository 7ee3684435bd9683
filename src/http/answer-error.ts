// Owns what an answer that is no success means: the API's status and error body → an AuditError.
import { AuditError, type AuditErrorOptions, type ErrorCode, type FieldError } from '../errors.ts';
import type { Answer, NoAnswer } from './attempt.ts';
import { upstreamText } from './upstream-text.ts';

interface Upstream {
  /** `error` of the OAuth form, `code` of the first of `errors`. */
  readonly code: string | undefined;
  /** What the API said, cleaned; undefined where it said nothing readable. */
  readonly said: string | undefined;
  readonly fields: readonly FieldError[];
}

const SCOPE = /\b[a-z][a-z_]*:[a-z_]+\b/u;
const MAX_FIELDS = 20;

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'invalid_token',
  402: 'plan_required',
  404: 'not_found',
  408: 'timeout',
  429: 'rate_limited',
};

const WORDS = {
  invalid_token: 'Pachca refused the token',
  plan_required: 'The plan of this workspace does not include the audit log',
  missing_scope: 'The token lacks a scope',
  not_owner: 'The person behind the token may not do this',
  not_found: 'Pachca found nothing at this address',
  rejected: 'Pachca rejected the request',
  range_too_large: 'Pachca rejected the range of dates as too large',
  rate_limited: 'Pachca refused the request: too many requests',
  unavailable: 'Pachca could not answer',
  timeout: 'Pachca gave up waiting for the request',
  bad_response: 'The answer is not one of the Pachca API',
} as const satisfies Partial<Record<ErrorCode, string>>;
type AnswerCode = keyof typeof WORDS;

/** The error behind an answer outside 2xx. `what` is the call, such as "GET /audit_events". */
export function errorOfAnswer(
  answer: Answer,
  body: unknown,
  { what, token, retryAfterSeconds }: { what: string; token: string; retryAfterSeconds?: number | undefined },
): AuditError {
  const upstream = readErrorBody(body, token);
  const code = codeOf(answer.status, upstream);
  const scope = upstream.said === undefined ? undefined : SCOPE.exec(upstream.said)?.[0];
  const lacking = code === 'missing_scope' && scope !== undefined ? `${WORDS[code]}: ${scope}` : WORDS[code];
  const said = upstream.said === undefined ? '' : `; it said: "${upstream.said}"`;
  return new AuditError(code, `${lacking} (${what}, status ${answer.status})${said}`, {
    status: answer.status,
    ...requestIdOf(answer, token),
    ...(retryAfterSeconds === undefined || code !== 'rate_limited' ? {} : { retryAfterSeconds }),
    ...(upstream.fields.length === 0 ? {} : { fields: upstream.fields }),
  });
}

/** The error behind an attempt without an answer. */
export function errorOfNoAnswer({ reason, message }: NoAnswer, what: string, token: string): AuditError {
  const said = upstreamText(message, token);
  if (reason === 'timeout') return new AuditError('timeout', `Pachca did not answer ${what} in time: ${said}`);
  if (reason === 'too_large') return new AuditError('bad_response', `The answer to ${what} is too long: ${said}`);
  if (reason === 'unsendable') return new AuditError('internal', `${what} could not be sent: ${said}`);
  if (reason === 'certificate') {
    const words = `The certificate of Pachca, or of a proxy before it, is not trusted by this machine (${what}): ${said}`;
    const hint =
      'Check the clock of this machine and PACHCA_API_URL. Where a proxy of the company opens TLS, set NODE_EXTRA_CA_CERTS to a file with its certificate and start again.';
    return new AuditError('network', words, { hint, retryable: false });
  }
  return new AuditError('network', `The connection to Pachca failed during ${what}: ${said}`);
}

/** The error behind a 2xx answer that is no JSON. */
export function errorOfUnreadable(answer: Answer, what: string, token: string): AuditError {
  const said = upstreamText(answer.text, token);
  return new AuditError('bad_response', `The answer to ${what} is cut short or no JSON: "${said}"`, {
    status: answer.status,
    ...requestIdOf(answer, token),
  });
}

function requestIdOf({ requestId }: Answer, token: string): Pick<AuditErrorOptions, 'requestId'> {
  return requestId === undefined ? {} : { requestId: upstreamText(requestId, token) };
}

function codeOf(status: number, { code, said }: Upstream): AnswerCode {
  const known = CODES[status];
  if (known !== undefined && isAnswerCode(known)) return known;
  if (status === 403) {
    return code === 'insufficient_scope' || /\bscope\b/iu.test(said ?? '') ? 'missing_scope' : 'not_owner';
  }
  if (status >= 500) return 'unavailable';
  // Redirects are not followed: they would carry the token to another address.
  if (status < 400) return 'bad_response';
  return code === 'invalid_date_range' ? 'range_too_large' : 'rejected';
}

function isAnswerCode(code: ErrorCode): code is AnswerCode {
  return Object.hasOwn(WORDS, code);
}

/** Both forms of an error body: `{errors: [{key, value, message, code}]}` and `{error, error_description}`. */
function readErrorBody(body: unknown, token: string): Upstream {
  if (!isRecord(body)) return { code: undefined, said: undefined, fields: [] };
  const text = (value: unknown) => (typeof value === 'string' ? upstreamText(value, token) : undefined);
  const errors: unknown[] = Array.isArray(body['errors']) ? body['errors'] : [];
  const entries = errors.filter(isRecord).slice(0, MAX_FIELDS);
  const [first] = entries;
  const said = [text(first?.['message']), text(body['error_description']), text(body['error'])];
  return {
    // A date range that is too large may stand behind another complaint.
    code: entries.some((entry) => entry['code'] === 'invalid_date_range')
      ? 'invalid_date_range'
      : (text(body['error']) ?? text(first?.['code'])),
    said: said.find((words) => words !== undefined && words !== ''),
    fields: entries.map((entry) => fieldOf(entry, token)),
  };
}

function fieldOf(entry: Record<string, unknown>, token: string): FieldError {
  const { key, value, message, code } = entry;
  const words = [message, typeof code === 'string' ? `(${code})` : undefined];
  return {
    field: typeof key === 'string' ? upstreamText(key, token) : 'unknown',
    message: upstreamText(words.filter((word) => typeof word === 'string').join(' '), token),
    ...(typeof value === 'string' || typeof value === 'number' ? { value: upstreamText(String(value), token) } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Owns messages to people: one POST, to a listed recipient, and never a second one that could post it twice.
import { z } from 'zod';
import { AuditError, type ErrorCode } from '../errors.ts';
import type { CallOptions, HttpClient } from '../http/http-client.ts';

export interface Alerts {
  /** Ids of the users who may be written to. */
  readonly recipients: readonly string[];
  /**
   * Posts `text` to the user `recipient` as it is. Throws `invalid_input` for anybody who is not listed, before a request is
   * made; where the message may have been posted all the same, the error says so and is not retryable.
   */
  send(recipient: string, text: string, options?: CallOptions): Promise<{ messageId: string }>;
}

const postedBody = z.object({ data: z.object({ id: z.union([z.number(), z.string().min(1)]) }) });

/** After these the request may have been carried out: no whole answer came, or it came from something in between. */
const MAY_BE_SENT: ReadonlySet<ErrorCode> = new Set(['timeout', 'network', 'unavailable', 'bad_response']);

export function createAlerts({ http, recipients }: { http: HttpClient; recipients: readonly string[] }): Alerts {
  return {
    recipients,
    async send(recipient, text, options) {
      if (!recipients.includes(recipient)) throw notListed(recipient, recipients);
      const message = { entity_type: 'user', entity_id: Number(recipient), content: text };
      const { body } = await http.post('/messages', { message }, options).catch((error: unknown) => {
        throw error instanceof AuditError ? alertError(error) : error;
      });
      const posted = postedBody.safeParse(body);
      if (!posted.success) {
        throw maybeSent(new AuditError('bad_response', 'The answer to POST /messages names no message'));
      }
      return { messageId: String(posted.data.data.id) };
    },
  };
}

function notListed(value: string, allowed: readonly string[]): AuditError {
  const message = 'not on the list of people who may receive alerts';
  return new AuditError('invalid_input', `recipient "${value}": ${message}.`, {
    hint: `Give one of these ids: ${allowed.join(', ')}. The list is PACHCA_AUDIT_ALERT_TO, which only whoever runs this server can change.`,
    fields: [{ field: 'recipient', message, value, allowed }],
  });
}

function alertError(error: AuditError): AuditError {
  if (MAY_BE_SENT.has(error.code)) return maybeSent(error);
  if (error.code !== 'not_owner') return error;
  const { status, requestId, message } = error;
  // The hint of the code speaks of the log, which only the owner may read; messages are another matter.
  return new AuditError('not_owner', message, {
    hint: 'The person behind the token may not write to this recipient: check in Pachca that the recipient exists and is not suspended, or take another id of the list.',
    cause: error,
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

function maybeSent(cause: AuditError): AuditError {
  const { status, requestId } = cause;
  return new AuditError(
    cause.code,
    `It is unknown whether the alert was sent, and it was not tried again. ${cause.message}`,
    {
      hint: 'Look into the chat with the recipient before it is sent again: a repeat could post it twice.',
      retryable: false,
      cause,
      ...(status === undefined ? {} : { status }),
      ...(requestId === undefined ? {} : { requestId }),
    },
  );
}

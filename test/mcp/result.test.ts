// Tests results and errors as clients get them: clean, without secrets, bounded.
import { describe, expect, test } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { redact } from '../../src/text/redact.ts';
import { answerResult, errorAnswer, errorResult } from '../../src/mcp/result.ts';

const SECRET = 'canary-0123456789abcdef';
const hide = (text: string) => redact(text, [SECRET]);
/** The secret with a hidden character in it: a search for the secret alone does not find it. */
const BROKEN_UP = `canary-\u200B0123456789abcdef`;

describe('an error', () => {
  test('shows a secret in none of its fields, broken up by hidden characters or not', () => {
    const answer = errorAnswer(
      new AuditError('rejected', `said ${SECRET}`, {
        hint: `try ${BROKEN_UP}`,
        requestId: SECRET,
        fields: [{ field: SECRET, message: BROKEN_UP, value: `x${SECRET}`, allowed: ['a', BROKEN_UP] }],
      }),
      hide,
    );
    const text = JSON.stringify(answer);
    expect(text).not.toContain('0123456789abcdef');
    expect(text.match(/\[redacted\]/gu)).toHaveLength(7);
  });

  test('is cut after the secrets are out: half of one is not left at the cut', () => {
    const answer = errorAnswer(new AuditError('internal', `${'x'.repeat(990)}${SECRET}`), hide);
    expect(answer.message.length).toBeLessThanOrEqual(1000);
    expect(answer.message).not.toContain('canary');
  });

  test('with a thousand wrong arguments is no longer than one with twenty', () => {
    const fields = Array.from({ length: 1000 }, (_, index) => ({ field: `f${index}`, message: 'x'.repeat(5000) }));
    const text = JSON.stringify(errorResult(new AuditError('invalid_input', 'wrong', { fields }), hide));
    expect(text.length).toBeLessThan(100_000);
  });

  test('may say for itself whether the same call may do better later', () => {
    expect(errorAnswer(new AuditError('timeout', 'late'), hide).retryable).toBe(true);
    expect(errorAnswer(new AuditError('timeout', 'late', { retryable: false }), hide).retryable).toBe(false);
  });
});

describe('an answer', () => {
  test('holds no secret, in its structure as in its text', () => {
    const result = answerResult({ structured: { a: [`"${BROKEN_UP}"`], [SECRET]: 1 } }, hide);
    expect(result.structuredContent).toEqual({ a: ['"[redacted]"'], '[redacted]': 1 });
    expect(JSON.parse(result.content[0]?.type === 'text' ? result.content[0].text : '')).toEqual(
      result.structuredContent,
    );
  });

  test('that is given once more holds no secret that was learnt meanwhile', () => {
    const answer = { structured: { a: [`"${SECRET}"`] } };
    expect(answerResult(answer, (text) => text).structuredContent).toEqual({ a: [`"${SECRET}"`] });
    const again = answerResult(answer, hide);
    expect(again.structuredContent).toEqual({ a: ['"[redacted]"'] });
    expect(JSON.stringify(again)).not.toContain('0123456789abcdef');
  });

  test('keeps the line breaks of a text that is meant to have them, and nothing else that is hidden', () => {
    const structured = { kept: 'a\r\n\u202Eb\t\n\n\n\nc', other: 'a\nb' };
    const result = answerResult({ structured, multiline: ['kept'] }, hide);
    expect(result.structuredContent).toEqual({ kept: 'a\nb\n\nc', other: 'a b' });
  });
});

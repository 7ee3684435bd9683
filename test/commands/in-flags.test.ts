// Tests that an error of a tool, on the terminal, speaks of flags.
import { expect, test } from 'vitest';
import { inFlags } from '../../src/commands/in-flags.ts';
import { AuditError } from '../../src/errors.ts';

test.each([
  [
    '/x/a exists already.',
    'Choose another file_name, or set overwrite to true to replace it.',
    'Choose another --out, or give --overwrite to replace it.',
  ],
  ['start_time "foo": not a time.', 'Give a start_time before end_time.', 'Give a --start before --end.'],
  [
    'The arguments are wrong (event_keys[0]: unknown).',
    'Allowed for event_keys: user_login.',
    'Allowed for --event-keys: user_login.',
  ],
  [
    'The arguments are wrong (format: unknown).',
    'Another format is no help; format: csv is.',
    'Another format is no help; --format: csv is.',
  ],
])('an error of export names flags: %s', (message, hint, said) => {
  const error = inFlags(
    new AuditError('invalid_input', message, { hint, fields: [{ field: 'actor', message: 'x' }] }),
    'export',
  );
  expect(error).toMatchObject({ code: 'invalid_input', hint: said, fields: [{ field: '--actor', message: 'x' }] });
  expect(String(error)).not.toMatch(/_time|event_keys|file_name|\(format/u);
});

test('what is no error of a tool stays as it is', () => {
  const error = new Error('start_time');
  expect(inFlags(error, 'export')).toBe(error);
});

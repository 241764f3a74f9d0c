import { expect, test } from 'vitest';
import { ERRORS, MyelinError, toErrorInfo } from './errors.ts';

test('an error carries what its code says', () => {
  const error = new MyelinError('timeout', undefined, { after: 5 });
  expect(error).toMatchObject({ message: ERRORS.timeout.meaning, kind: 'transient', status: 504 });
  expect(error.toInfo()).toEqual({
    code: 'timeout',
    kind: 'transient',
    message: ERRORS.timeout.meaning,
    data: { after: 5 },
  });
  expect(new MyelinError('internal', 'x').toInfo()).toEqual({ code: 'internal', kind: 'permanent', message: 'x' });
});

test.each([
  [new MyelinError('not_found', 'gone'), { code: 'not_found', message: 'gone' }],
  [new Error('plain'), { code: 'node_failed', message: 'plain' }],
  ['text', { code: 'node_failed', message: 'text' }],
  [null, { code: 'node_failed', message: 'null' }],
])('anything thrown becomes an error of the table: %s', (thrown, expected) => {
  expect(toErrorInfo(thrown)).toMatchObject(expected);
});

test('the cause is kept for the log', () => {
  const cause = new Error('inner');
  expect(new MyelinError('internal', 'outer', undefined, cause).cause).toBe(cause);
});

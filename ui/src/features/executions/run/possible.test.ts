import { expect, test } from 'vitest';
import { possibleFor, possibleHere } from './possible.ts';

const error = (code: string) => ({ code, kind: 'permanent' as const, message: '' });
const names = (can: object) => Object.entries(can).flatMap(([name, is]) => (is ? [name] : []));

test.each([
  ['running', [], false, ['pause', 'cancel']],
  ['waiting', ['paused'], true, ['resume', 'cancel', 'compensate']],
  ['pending', ['capacity'], false, ['cancel']],
  ['failed', [], true, ['compensate', 'retry', 'remove']],
  ['completed', [], true, ['remove']],
  ['compensating', [], true, ['cancel']],
  ['compensation_failed', [], true, ['retry', 'remove']],
] as const)('%s', (status, reasons, undoes, can) => {
  const waitingFor = reasons.map((reason) => ({ reason }));
  expect(names(possibleFor({ status, waitingFor }, undoes))).toEqual(can);
});

test('a node that failed can be run again and skipped, one in doubt must be resolved', () => {
  const failed = { status: 'failed', port: null, error: error('timeout') } as const;
  expect(names(possibleHere('failed', failed))).toEqual(['retryFrom', 'skip']);
  expect(names(possibleHere('failed', { ...failed, error: error('in_doubt') }))).toEqual(['resolve']);
  expect(names(possibleHere('running', { ...failed, port: 'error' }))).toEqual([]);
  expect(names(possibleHere('waiting', { status: 'waiting', port: null, error: null }))).toEqual(['skip']);
  expect(names(possibleHere('completed', { status: 'completed', port: 'out', error: null }))).toEqual([]);
});

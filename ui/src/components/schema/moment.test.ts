import { expect, test } from 'vitest';
import { fitFaults } from '../../../../src/core/json-schema/fit.ts';
import { localOf, momentOf } from './moment.ts';

test('what is chosen fits the format that the form asks for', () => {
  const schema = { type: 'string', format: 'date-time' };
  for (const local of ['2026-11-27T08:00', '2026-07-01T23:59:30', '0002-01-01T00:00']) {
    expect(fitFaults(schema, momentOf(local))).toEqual([]);
  }
});

test('there and back it is the same moment, whatever offset it was written with', () => {
  for (const text of ['2026-11-27T08:00:00Z', '2026-07-01T23:59:30+05:30', '2026-03-29T01:30:00-08:00']) {
    expect(Date.parse(momentOf(localOf(text) ?? ''))).toBe(Date.parse(text));
  }
  expect(localOf(momentOf('2026-11-27T08:00'))).toBe('2026-11-27T08:00');
});

test('what is no moment is not taken for one', () => {
  expect(localOf('')).toBeUndefined();
  expect(localOf('{{ $json.at }}')).toBeUndefined();
  expect(localOf('2026-11-27T08:00')).toBeUndefined();
  expect(momentOf('')).toBe('');
});

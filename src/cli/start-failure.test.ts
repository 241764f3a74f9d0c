import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { startFailure } from './start-failure.ts';

test('settings at fault lead to the page that says what they take', () => {
  const faults = [{ path: 'models.a', message: 'is wrong' }];
  expect(startFailure(new MyelinError('config_refused', 'models.a is wrong', faults), undefined).message).toBe(
    'models.a is wrong\ndocs/models.md says what they take.',
  );
});

test('a migration that does not fit is told as it is', () => {
  const { message } = startFailure(new MyelinError('config_refused', 'Migration 0013 was changed'), undefined);
  expect(message).toMatch(/^Migration 0013 was changed\n/);
});

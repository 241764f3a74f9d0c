import { expect, test } from 'vitest';
import type { RuleName } from '../../core/masking/rules.ts';
import { createLog } from './system.ts';

function lines(masked: readonly RuleName[]) {
  const written: string[] = [];
  const log = createLog('info', masked, { write: (line) => written.push(line) });
  return { log, written };
}

test('what the rules find is masked in messages and fields, to any depth', () => {
  const { log, written } = lines(['email', 'card']);
  const error = { message: 'no mailbox ana@example.com', data: { cards: ['4111 1111 1111 1111'] } };
  log.warn({ executionId: '0198c0de-0000-7000-8000-000000000000', error }, 'ana@example.com could not be told');
  log.error({}, 'a request failed: ana@example.com');
  expect(written.join('')).not.toMatch(/ana|4111/);
  expect(JSON.parse(written[0]!)).toMatchObject({
    executionId: '0198c0de-0000-7000-8000-000000000000',
    error: { message: 'no mailbox [email]', data: { cards: ['[card]'] } },
    msg: '[email] could not be told',
  });
});

test('without rules the log is as it is', () => {
  const { log, written } = lines([]);
  log.info({ to: 'ana@example.com' }, 'hello');
  expect(JSON.parse(written[0]!)).toMatchObject({ to: 'ana@example.com', msg: 'hello' });
});

test('secrets by their names are removed as before', () => {
  const { log, written } = lines(['email']);
  log.info({ request: { password: 'canary' } }, 'x');
  expect(written[0]).not.toContain('canary');
});

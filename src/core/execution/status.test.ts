import { expect, test } from 'vitest';
import { canMove, hasEnded, isActive, isEnd, isFinal, move, STATUSES, type Status } from './status.ts';

/** The state machine of the design, in full: what is not here is illegal. */
const LEGAL = new Set([
  'pending running',
  'pending canceled',
  'running waiting',
  'running completed',
  'running failed',
  'running canceled',
  'waiting running',
  'waiting completed',
  'waiting failed',
  'waiting canceled',
  'running compensating',
  'waiting compensating',
  'compensating compensated',
  'compensating compensation_failed',
  'failed pending',
  'failed compensating',
  'compensation_failed compensating',
]);

const pairs = STATUSES.flatMap((from) => STATUSES.map((to): [Status, Status] => [from, to]));

test.each(pairs)('%s to %s', (from, to) => {
  const legal = LEGAL.has(`${from} ${to}`);
  expect(canMove(from, to)).toBe(legal);
  if (legal) expect(move(from, to)).toBe(to);
  else expect(() => move(from, to)).toThrow(`An execution that is ${from} cannot become ${to}.`);
});

test('five ways to end', () => {
  expect(STATUSES.filter(hasEnded)).toEqual(['completed', 'failed', 'canceled', 'compensated', 'compensation_failed']);
});

test('out of three ends nothing leads', () => {
  expect(STATUSES.filter(isFinal)).toEqual(['completed', 'canceled', 'compensated']);
});

test('what has something to do is in the queue when nobody owns it', () => {
  expect(STATUSES.filter(isActive)).toEqual(['pending', 'running', 'compensating']);
});

test('each end has its event', () => {
  expect(STATUSES.filter((status) => isEnd(`execution.${status}`))).toEqual(STATUSES.filter(hasEnded));
  expect(isEnd('node.completed')).toBe(false);
});

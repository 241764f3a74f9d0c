import { expect, test } from 'vitest';
import { unanswered } from './unanswered.ts';

const answer = { id: 'answer', type: 'respond' };
const hook = { id: 'hook', type: 'webhook', path: 'orders' };

test('a respond node needs a webhook that waits for the result', () => {
  const name = 'orders';
  expect(unanswered({ name, triggers: [{ ...hook, respond: 'result' }], nodes: [answer] })).toEqual([]);
  expect(unanswered({ name, triggers: [{ id: 'm', type: 'manual' }, hook], nodes: [answer] })).toEqual([
    {
      path: 'nodes[0]',
      message: 'answers nobody: the webhook hook answers before it runs; set respond: result at triggers[1]',
    },
  ]);
  const body = { nodes: [answer, { id: 'data', type: 'transform', config: { value: { type: 'respond', id: 'no' } } }] };
  const [inside, ...rest] = unanswered({ name, nodes: [{ id: 'each', type: 'map', config: { body } }] });
  expect(inside?.path).toBe('nodes[0].config.body.nodes[0]');
  expect(inside?.message).toContain('has no webhook; add one');
  expect(rest).toEqual([]);
});

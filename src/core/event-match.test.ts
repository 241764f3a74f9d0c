import { expect, test } from 'vitest';
import { eventMatch, isMatch } from './event-match.ts';

const env = {
  $json: { order: 5 },
  $trigger: { secret: 'not read' },
  node: (id: string) => (id === 'a' ? { x: 1 } : undefined),
};

test('takes along what it reads, and nothing else', () => {
  const match = eventMatch(
    '{{ $event.data.id == $json.order && $node.a.x == 1 && $node.b == null && $vars.v == null }}',
    env,
  );
  expect(match).toMatchObject({ variables: { $json: { order: 5 }, $vars: null }, nodes: { a: { x: 1 }, b: null } });
  expect(JSON.parse(JSON.stringify(match))).toEqual(match);
  expect(isMatch(match, { data: { id: 5 } })).toBe(true);
  expect(isMatch(match, { data: { id: 6 } })).toBe(false);
});

test('a condition that is not true is false', () => {
  expect(isMatch(eventMatch('{{ $event.data }}', {}), { data: 'yes' })).toBe(false);
});

test('without earlier nodes', () => {
  expect(eventMatch('{{ $node.a == null }}', {})).toMatchObject({ nodes: { a: null } });
});

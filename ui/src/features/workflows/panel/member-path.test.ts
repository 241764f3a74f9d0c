import { expect, test } from 'vitest';
import { overClosing } from './member-path.ts';

/** Types `}` at `|`: over what is there, or undefined where it is put in. */
function typed(text: string): string | undefined {
  const position = text.indexOf('|');
  const whole = text.replace('|', '');
  const at = overClosing(whole, position);
  return at === undefined ? undefined : `${whole.slice(0, at)}|${whole.slice(at)}`;
}

test.each([
  ['{{ $json.n |}}', '{{ $json.n }|}'],
  ['{{ $json.n | }}', '{{ $json.n  }|}'],
  ['{{ $json.n }|}', '{{ $json.n }}|'],
  ["a {{ '{' | }} b", "a {{ '{'  }|} b"],
  ['{{ a }} and {{ b |}}', '{{ a }} and {{ b }|}'],
])('over %s', (text, next) => {
  expect(typed(text)).toBe(next);
});

test.each(['{{ { a: 1 | }}', '{{ { a: { b: 1 |} }}', 'plain |}}', '{{ a }}|', '{{ a |', '{{ a |} b'])(
  'a brace of its own in %s',
  (text) => {
    expect(typed(text)).toBeUndefined();
  },
);

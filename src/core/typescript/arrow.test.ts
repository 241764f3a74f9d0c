import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../expression/index.ts';
import { type Arrow, type Scope, toTemplate } from './arrow.ts';

describe('an arrow function prints', () => {
  test.each<[string, Arrow]>([
    ['{{ $json.a.b }}', ($) => $.json.a.b],
    ['{{ $json }}', ($) => $.json],
    ["{{ $node['my-node'].items[0]['odd key'] }}", ($) => $.node['my-node'].items[0]['odd key']],
    ['{{ $secrets.TOKEN }}', ($) => $.secrets.TOKEN],
    ["{{ $node.classify.severity == 'critical' }}", ($) => $.node.classify.severity.eq('critical')],
    ['{{ $json.a != $json.b }}', ($) => $.json.a.ne($.json.b)],
    ['{{ $json.n > 1 }}', ($) => $.json.n.gt(1)],
    ['{{ $json.n >= -1 }}', ($) => $.json.n.gte(-1)],
    ['{{ $json.n < 1.5 }}', ($) => $.json.n.lt(1.5)],
    ['{{ $json.n <= null }}', ($) => $.json.n.lte(null)],
    ['{{ $json.a == 1 && $json.b == 2 }}', ($) => $.json.a.eq(1).and($.json.b.eq(2))],
    ['{{ $json.a && $json.b && $json.c || $json.d }}', ($) => $.json.a.and($.json.b, $.json.c).or($.json.d)],
    ['{{ ($json.a || $json.b) && $json.c }}', ($) => $.json.a.or($.json.b).and($.json.c)],
    ['{{ $json.a == ($json.b == $json.c) }}', ($) => $.json.a.eq($.json.b.eq($.json.c))],
    ['{{ !$json.done }}', ($) => $.json.done.not()],
    ['{{ !($json.a == 1) }}', ($) => $.json.a.eq(1).not()],
    ['{{ !!$json.a }}', ($) => $.json.a.not().not()],
    ['{{ ($json.a || $json.b).name }}', ($) => $.json.a.or($.json.b).name],
    ['{{ $json.name.toUpperCase() }}', ($) => $.json.name.toUpperCase()],
    ['{{ $now.plus({ days: 1, "it\'s": [$index] }) }}', ($) => $.now.plus({ days: 1, "it's": [$.index] })],
    ['{{ $json.eq }}', ($) => $.json.eq],
    ['{{ $json.length + $json.name }}', ($) => $.expr`${$.json.length} + ${$.json.name}`],
    [
      "{{ $json.list.map(x => x.price * 2).join('; ') }}",
      ($) => $.expr`$json.list.map(x => x.price * 2).join(${'; '})`,
    ],
    ['{{ ($json.a + 1) * ($json.b == 1) }}', ($) => $.expr`${$.expr`$json.a + 1`} * ${$.json.b.eq(1)}`],
    ['Restart {{ $json.name }} at {{ $now }}?', ($) => `Restart ${$.json.name} at ${$.now}?`],
    ['plain text', () => 'plain text'],
    ['{{ $json.list.concat(-0, {}) }}', ($) => $.json.list.concat(-0, {})],
  ])('%s', (expected, arrow) => {
    const text = toTemplate(arrow);
    expect(text).toBe(expected);
    expect(() => compileTemplate(text)).not.toThrow();
  });
});

test('a path that left its arrow function still prints itself, and is nothing else', () => {
  let left: unknown;
  toTemplate(($) => {
    left = $.json.a;
    return left;
  });
  expect(toTemplate(left as Arrow)).toBe('{{ $json.a }}');
  expect(Object.prototype.toString.call(left)).toBe('[object Function]');
});

test('a comparison means what it says, with odd texts on its right', () => {
  for (const odd of ["it's }} {{ \\ \n \u2028 \ud800 😀", '"', "'", '`$' + '{x}`']) {
    const template = compileTemplate(toTemplate(($) => $.json['odd \'"key\\'].eq(odd)));
    expect(template.resolve({ $json: { 'odd \'"key\\': odd } })).toBe(true);
    expect(template.resolve({ $json: { 'odd \'"key\\': `${odd}.` } })).toBe(false);
  }
});

describe('refuses, while the workflow is built,', () => {
  test.each<[string, Arrow, string]>([
    ['a comparison by JavaScript', (($: Scope) => $.json.a === 1) as unknown as Arrow, 'returned boolean'],
    [
      'a sum by JavaScript',
      ($) => (($.json.a as unknown as number) + 1) as unknown as string,
      'cannot be used on $json.a',
    ],
    ['an order by JavaScript', ($) => ($.json.a > $.json.b) as unknown as string, 'cannot be used on $json.a'],
    ['an unknown variable', ($) => ($ as never as { jsn: string }).jsn, '$.jsn is no variable; there are json, node'],
    ['nothing', (() => undefined) as unknown as Arrow, 'returned undefined'],
    ['null', (() => null) as unknown as Arrow, 'returned null'],
    ['a comparison with two values', ($) => $.json.a.eq(1, 2), '$json.a.eq() takes one value, not 2'],
    ['a conjunction with nothing', ($) => $.json.a.and(), '$json.a.and() takes one value or more, not 0'],
    ['a call of a variable', ($) => $.json(1), '$json is no method'],
    ['a date as a value', ($) => $.json.at.eq(new Date() as never), 'takes JSON values and paths, not Date'],
    ['a number that is none', ($) => $.json.at.eq(Number.NaN), 'takes JSON values and paths, not NaN'],
    [
      'a function as a value',
      ($) => $.json.list.map((() => 1) as never),
      'takes JSON values and paths, not a function',
    ],
  ])('%s', (_what, arrow, message) => {
    expect(() => toTemplate(arrow)).toThrow(message);
  });
});

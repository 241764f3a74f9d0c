// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the sources of expressions are texts
import { describe, expect, test } from 'vitest';
import { MyelinError } from '../errors.ts';
import { type Env, VARIABLES } from './env.ts';
import { compileTemplate, templateFaults } from './index.ts';

const ENV: Env = {
  $json: { a: 1, text: 'x', list: [1, 2], object: { k: 'v' }, nothing: null, big: 'x'.repeat(700_000) },
  $now: 0,
  node: (id) => ({ id }),
};

function caught(act: () => unknown): MyelinError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(MyelinError);
    return error as MyelinError;
  }
  throw new Error('nothing was thrown');
}

const RESOLVED: [template: unknown, expected: unknown][] = [
  ['{{ $json.a }}', 1],
  ['{{$json.list}}', [1, 2]],
  ['{{ $json.missing }}', undefined],
  ['{{ $json.nothing }}', null],
  ['{{ $now }}', '1970-01-01T00:00:00.000Z'],
  [' {{ $json.a }}', ' 1'],
  ['a {{ $json.a }} b {{ $json.text }}', 'a 1 b x'],
  ['{{ $json.a }}{{ $json.a }}', '11'],
  ['[{{ $json.missing }}|{{ $json.nothing }}]', '[|]'],
  ['{{ $json.object }}!', '{"k":"v"}!'],
  ['{{ $json.list }} {{ true }} {{ NaN }}', '[1,2] true NaN'],
  ['at {{ $now }}', 'at 1970-01-01T00:00:00.000Z'],
  ['{{ {a: {b: 1}} }}', { a: { b: 1 } }],
  ['{{ {a: {b: 1}}}}', { a: { b: 1 } }],
  ['{{{a: 1}}}', { a: 1 }],
  ['{{ "}}" }}', '}}'],
  ["{{ '{{' }} and }}", '{{ and }}'],
  ['{{ `}}${"}}"}` }}', '}}}}'],
  ['{{ /}}/.test("}}") }}', true],
  ['{{ 1 /* }} */ }}', 1],
  ['{{ (1) }}', 1],
  ['{{ [1, 2].map(({length}) => ({length})) }}!', '[{},{}]!'],
  ['{"a":{"b":{{ $json.a }}}}', '{"a":{"b":1}}'],
  ['{{ $json.a }} }}', '1 }}'],
  ['{{\n  $json.a\n}}', 1],
  ['{{ $node.first.id }}', 'first'],
  ['}} {', '}} {'],
  [5, 5],
  [null, null],
  [undefined, undefined],
  [
    ['{{ $json.a }}', 'b', { c: '{{ $json.text }}' }],
    [1, 'b', { c: 'x' }],
  ],
  [
    { a: '{{ $json.a }}', b: { c: ['x{{ $json.a }}'] }, d: false },
    { a: 1, b: { c: ['x1'] }, d: false },
  ],
  [{ a: '{{ $json.missing }}' }, { a: undefined }],
];

describe('resolving', () => {
  test.each(RESOLVED)('%j', (template, expected) => {
    expect(compileTemplate(template).resolve(ENV)).toEqual(expected);
  });

  test('what holds no braces is constant and shared', () => {
    const value = { a: [1, 'x'], b: { c: null } };
    const template = compileTemplate(value);
    expect(template.constant).toBe(true);
    expect(template.resolve(ENV)).toBe(value);
    expect(compileTemplate('{{ 1 }}').constant).toBe(false);
    expect(compileTemplate(['{{ 1 }}']).constant).toBe(false);
  });

  test('a resolved object is fresh each time', () => {
    const template = compileTemplate({ a: '{{ $json.a }}', inner: { b: 1 } });
    const [first, second] = [template.resolve(ENV), template.resolve(ENV)];
    expect(first).not.toBe(second);
    expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
  });

  test('references of all fields are merged', () => {
    const { references } = compileTemplate({ a: '{{ $json.x }} {{ $node.n.y }}', b: ['{{ $secrets.K }}', 'plain'] });
    expect([...references.variables]).toEqual(['$json', '$node', '$secrets']);
    expect([...references.nodes]).toEqual(['n']);
    expect([...references.secrets]).toEqual(['K']);
    expect(compileTemplate(1).references.variables.size).toBe(0);
  });
});

const REFUSED: [template: unknown, code: string, path: string, position: number, reason: RegExp][] = [
  ['{{ $jsn }}', 'expression_invalid', '', 3, /^unknown variable \$jsn \(did you mean \$json\?\) at position 3$/],
  [
    { set: { text: 'a {{ 1 + }}' } },
    'expression_invalid',
    'set.text',
    9,
    /^set\.text: unexpected token at position 9$/,
  ],
  [{ cases: [{ when: '{{ a = 1 }}' }] }, 'expression_invalid', 'cases[0].when', 3, /assignment/],
  [{ 'odd key': ['{{ this }}'] }, 'expression_invalid', '["odd key"][0]', 3, /this/],
  [{ x: '{{ $json.a }' }, 'expression_invalid', 'x', 11, /unexpected token|does not end/],
  [{ x: '{{ $json.a' }, 'expression_invalid', 'x', 10, /does not end/],
  [{ x: '{{' }, 'expression_invalid', 'x', 2, /empty/],
  [{ x: '{{ }}' }, 'expression_invalid', 'x', 2, /empty/],
  [{ x: `{{ [${'1,'.repeat(5_001)}1] }}` }, 'expression_invalid', 'x', 2, /longer than 10000/],
  [{ x: `{{ 1${' '.repeat(11_000)}}}` }, 'expression_invalid', 'x', 2, /longer than 10000/],
  [{ x: `{{ "${'x'.repeat(10_000)}" }}` }, 'expression_invalid', 'x', 3, /unterminated string.* within 10000/],
  [{ x: `{{ 1 + }} ${'x'.repeat(20_000)}` }, 'expression_invalid', 'x', 7, /unexpected token/],
  [JSON.parse('{"a":{"__proto__":1}}'), 'unsafe_key', 'a.__proto__', 0, /^a\.__proto__: the key __proto__ is refused$/],
  [{ constructor: '{{ 1 }}' }, 'unsafe_key', 'constructor', 0, /refused/],
  [{ prototype: 1 }, 'unsafe_key', 'prototype', 0, /refused/],
];

describe('what cannot be compiled', () => {
  test.each(REFUSED)('%#', (template, code, path, position, reason) => {
    const error = caught(() => compileTemplate(template));
    expect(error.code).toBe(code);
    expect(error.data).toEqual({ path, position });
    expect(error.message).toMatch(reason);
  });

  test('a value that is nested too deeply', () => {
    let value: unknown = '{{ 1 }}';
    for (let i = 0; i < 100_000; i++) value = [value];
    expect(caught(() => compileTemplate(value)).code).toBe('too_deep');
    expect(templateFaults(value, VARIABLES)[0]?.message).toMatch(/100 levels/);
  });
});

describe('all faults at once', () => {
  test('each with its place and its mend', () => {
    const value = {
      set: { text: '{{ $jsn.a }} and {{ 1 + }} and {{ $item + this }}', fine: '{{ $json.a }}' },
      cases: [{ when: "{{ $nod['x'] }}" }, { when: '{{ $item }}' }],
      prototype: '{{ new Date() }}',
    };
    expect(templateFaults(value, ['$json', '$node'])).toEqual([
      { path: 'set.text', message: 'unknown variable $jsn (did you mean $json?) at position 3' },
      { path: 'set.text', message: 'unexpected token at position 24' },
      { path: 'set.text', message: '$item cannot be used here at position 34' },
      { path: 'set.text', message: 'this is not allowed; the data is in $json at position 42' },
      { path: 'cases[0].when', message: 'unknown variable $nod (did you mean $node?) at position 3' },
      { path: 'cases[1].when', message: '$item cannot be used here at position 3' },
      { path: 'prototype', message: 'the key prototype is refused' },
      { path: 'prototype', message: 'new is not allowed; for dates use $now and DateTime.fromISO(text) at position 3' },
    ]);
  });

  test('none where all is well', () => {
    expect(templateFaults({ a: ['{{ $json.a + $item }}', 1, null] }, ['$json', '$item'])).toEqual([]);
  });

  test('secrets and nodes may be out of reach too', () => {
    const faults = templateFaults(['{{ $secrets.K }}', '{{ $node.x }}', '{{ $node[$json.y] }}'], ['$json']);
    expect(faults.map(({ message }) => message)).toEqual([
      '$secrets cannot be used here at position 3',
      '$node cannot be used here at position 3',
      '$node cannot be used here at position 3',
    ]);
  });

  test('an open expression ends the search in its text', () => {
    expect(templateFaults('{{ 1 + ( and {{ $json', VARIABLES)).toHaveLength(1);
  });
});

describe('what fails at run time', () => {
  test('names the field and the expression', () => {
    const error = caught(() => compileTemplate({ set: { text: 'a {{ $json.missing.trim() }}' } }).resolve(ENV));
    expect(error.code).toBe('expression_failed');
    expect(error.message).toBe('set.text: {{ $json.missing.trim() }}: undefined has no method trim');
    expect(error.data).toEqual({ path: 'set.text' });
  });

  test('a text that grows too long', () => {
    const error = caught(() => compileTemplate({ a: '{{ $json.big }}{{ $json.big }}' }).resolve(ENV));
    expect(error.code).toBe('expression_limit');
    expect(error.message).toMatch(/^a: it made a text of more than/);
    const whole = caught(() => compileTemplate('{{ [$json.big, $json.big] }}!').resolve(ENV));
    expect(whole.code).toBe('expression_limit');
    expect(whole.message).toMatch(/^it made a value that is too large/);
  });
});

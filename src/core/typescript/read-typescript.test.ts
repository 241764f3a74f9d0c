import { describe, expect, test } from 'vitest';
import { readTypeScript } from './read-typescript.ts';

const IMPORT = "import { graph, workflow } from 'myelin';\n";
const document = (body: string, before = IMPORT) => {
  const read = readTypeScript(before + body);
  return 'document' in read ? read.document : read.fault;
};
/** The config of a node that is written so, in a module whose lines before say `before`. */
const config = (text: string, before = '') => {
  const read = document(`${before}\nexport default workflow('w').node('a', 'x', { value: ${text} });`);
  const node = (read as { nodes?: [{ config: { value: unknown } }] }).nodes?.[0];
  return node === undefined ? read : node.config.value;
};
const message = (body: string, before = IMPORT) => {
  const read = readTypeScript(before + body);
  return 'fault' in read ? `${read.fault.line}:${read.fault.column} ${read.fault.message}` : read;
};

test('a workflow of every part is read', () => {
  const text = `#!/usr/bin/env node
    import { graph as body, workflow } from 'myelin'; // as another name
    /* what they share */
    const retry = { attempts: 3 }, minute = '1m';
    const tail = body().node('one', 'transform', { value: ($) => $.item.name }).edges();
    const definition = workflow('triage', { description: 'x', settings: { timeout: minute } });
    ;
    definition.webhook('hook', { path: 'triage' }).schedule('tick', { cron: '0 * * * *' });
    definition.triggers({ id: 'mail', type: 'acme.mail' }).manual('by-hand').trigger('t', 'acme.x', { a: 1 });
    export default definition;
    definition
      .node('all', 'map', { items: [1, 2], body: tail }, { retry, onError: 'branch', compensate: 'undo' })
      .node('both', 'parallel', { branches: { left: tail, right: { nodes: [{ id: 'b', type: 'join' }] } } })
      .node('undo', 'transform', undefined, { position: { x: -1.5, y: 2 } })
      .edge('all:error', 'both')
      .edges(...['all -> both']);`;
  const one = { nodes: [{ id: 'one', type: 'transform', config: { value: '{{ $item.name }}' } }], edges: [] };
  expect(readTypeScript(text)).toStrictEqual({
    document: {
      name: 'triage',
      description: 'x',
      settings: { timeout: '1m' },
      triggers: [
        { id: 'hook', type: 'webhook', path: 'triage' },
        { id: 'tick', type: 'schedule', cron: '0 * * * *' },
        { id: 'mail', type: 'acme.mail' },
        { id: 'by-hand', type: 'manual' },
        { id: 't', type: 'acme.x', a: 1 },
      ],
      nodes: [
        {
          id: 'all',
          type: 'map',
          config: { items: [1, 2], body: one },
          retry: { attempts: 3 },
          onError: 'branch',
          compensate: 'undo',
        },
        {
          id: 'both',
          type: 'parallel',
          config: { branches: { left: one, right: { nodes: [{ id: 'b', type: 'join' }] } } },
        },
        { id: 'undo', type: 'transform', position: { x: -1.5, y: 2 } },
      ],
      edges: ['all:error -> both', 'all -> both'],
    },
  });
});

test('a document, as data or as it was built, is read too', () => {
  const nodes = [{ id: 'a', type: 'join' }];
  expect(document("export default { name: 'w', nodes: [{ id: 'a', type: 'join' }] };", '')).toEqual({
    name: 'w',
    nodes,
  });
  expect(document("export default workflow('w').node('a', 'join').build();")).toEqual({ name: 'w', nodes });
  const twice = "const d = workflow('w').node('a', 'join').build(); export default { ...d, nodes: [d.nodes[0]] };";
  expect(document(twice)).toEqual({ name: 'w', nodes });
});

describe('a value', () => {
  test.each<[string, unknown]>([
    ["'text'", 'text'],
    [`\`a\n\${1}\${\`b\`}\${true}\``, 'a\n1btrue'],
    ["'a' + 1 + 'b'", 'a1b'],
    ["1 + 2 + 'b'", '3b'],
    ['-0', -0],
    ['-(1)', -1],
    ['null', null],
    ['[true, ...[1, ...[2]], {}]', [true, 1, 2, {}]],
    ["{ 'odd key': 1, 2: 3, ['a' + 'b']: 4, [5]: 6, gone: undefined }", { 'odd key': 1, 2: 3, ab: 4, 5: 6 }],
    ['{ ...{ a: 1, b: 1 }, b: 2 }', { a: 1, b: 2 }],
  ])('%s', (text, value) => {
    expect(config(text)).toStrictEqual(value);
  });

  test.each<[string, unknown]>([
    ['shared', { list: [{ n: 7 }] }],
    ['shared.list', [{ n: 7 }]],
    ["shared['list'][0].n", 7],
    ['shared.list.length', 1],
    ['{ shared }', { shared: { list: [{ n: 7 }] } }],
  ])('of a constant: %s', (text, value) => {
    expect(config(text, 'const shared = { list: [{ n: 7 }] };')).toStrictEqual(value);
  });
});

describe('an arrow function', () => {
  test.each([
    ['($) => $.json', '{{ $json }}'],
    ['(x) => x.json.items[0].name', '{{ $json.items[0].name }}'],
    ["($) => $.node['my-node'].a.toUpperCase()", "{{ $node['my-node'].a.toUpperCase() }}"],
    [
      "($) => $.json.a.eq('x').and($.json.b.gte(-1), $.json.c.not())",
      "{{ $json.a == 'x' && $json.b >= -1 && !$json.c }}",
    ],
    ['($) => $.json.list.concat([1, { a: $.index }])', '{{ $json.list.concat([1, { a: $index }]) }}'],
    [`($) => \`Restart \${$.json.name} at \${$.now}?\``, 'Restart {{ $json.name }} at {{ $now }}?'],
    [`($) => $.expr\`\${$.json.a} * 2\``, '{{ $json.a * 2 }}'],
    [`($) => $.expr\`$json.a + \${limit}\`.gt(1)`, '{{ ($json.a + 7) > 1 }}'],
    ['($) => $.json.a.lt(limit)', '{{ $json.a < 7 }}'],
    ["() => 'plain'", 'plain'],
    ['same', '{{ $json.id }}'],
  ])('%s', (text, template) => {
    expect(config(text, 'const limit = 7, same = ($) => $.json.id;')).toBe(template);
  });
});

const OWN =
  "this view reads literals and the builder's calls; a loop or a function of your own belongs in a file that you deploy";

describe('refuses, with its place,', () => {
  test.each([
    ['for (;;) {}', `2:1 a loop cannot be read here: ${OWN}`],
    ['\n  while (true) {}', `3:3 a loop cannot be read here: ${OWN}`],
    ['function f() {}', `2:1 a function cannot be read here: ${OWN}`],
    ['export default function () {}', `2:16 a function cannot be read here: ${OWN}`],
    ['export default class {}', `2:16 a class cannot be read here: ${OWN}`],
    ["export const a = 'x';", `2:1 this cannot be read here: ${OWN}`],
    ["'nothing';", `2:1 this cannot be read here: ${OWN}`],
    ['export default a ? 1 : 2', `2:16 \`? :\` cannot be read here: ${OWN}`],
    ['export default new Map()', `2:16 \`new\` cannot be read here: ${OWN}`],
    ['export default await 1', `2:16 \`await\` cannot be read here: ${OWN}`],
    ['export default 1 * 2 + 3', `2:16 this operator cannot be read here: ${OWN}`],
    ["export default -'a'", `2:16 this operator cannot be read here: ${OWN}`],
    ['export default !true', `2:16 this operator cannot be read here: ${OWN}`],
    ['export default a`b`', `2:16 a tag of your own cannot be read here: ${OWN}`],
    ['const a = { get b() { return 1 } }', `2:13 a function cannot be read here: ${OWN}`],
    ['const a = { b() {} }', `2:13 a function cannot be read here: ${OWN}`],
    ['const a = async ($) => $.json', `2:11 a function of this kind cannot be read here: ${OWN}`],
    ['const a = ($, b) => $.json', `2:11 a function of this kind cannot be read here: ${OWN}`],
    ['const a = ($) => { return $.json }', `2:11 a function of this kind cannot be read here: ${OWN}`],
    ['const a = ({ json }) => json', '2:12 an expression takes `$` alone: ($) => $.json.name'],
    ['const a = process.env.HOME', `2:11 there is no \`process\` above this line: ${OWN}`],
    ['const a = grap()', `2:11 there is no \`grap\` above this line (did you mean graph?): ${OWN}`],
    ["const a = 'x'.repeat(3)", `2:15 a text has no \`repeat\` that can be read here: ${OWN}`],
    ['const a = [1].map(a)', `2:15 there is no \`map\` in it: ${OWN}`],
    ['const a = { one: 1 }.on', `2:22 there is no \`on\` in it (did you mean one?): ${OWN}`],
    ['const a = (1)()', `2:12 this is no call of the builder: ${OWN}`],
    ['const a = (() => `x`)()', `2:12 this is no call of the builder: ${OWN}`],
    ["const a = workflow('w').nod('x')", `2:25 a workflow has no method \`nod\` (did you mean node?): ${OWN}`],
    ["const a = graph().webhook('x', {})", `2:19 a graph has no method \`webhook\`: ${OWN}`],
    ["const a = workflow('w').node", '2:25 `node` of a workflow is called: .node(…)'],
    ["const a = workflow('w').node.call", '2:25 `node` of a workflow is called: .node(…)'],
    ['const a = [workflow]', '2:12 workflow is called here: workflow(…)'],
    ['const a = workflow.name', `2:20 a function has no \`name\` that can be read here: ${OWN}`],
    ["workflow('w').node('a', 5)", '2:15 node a: type: takes a text, not 5'],
    [
      "workflow('w').node('a', 'x', { n: [workflow('v').node('b', 'y')], m: 1e999 })",
      '2:15 node a: config.m: takes a JSON value or an expression, not Infinity',
    ],
    ['workflow({ toString: 1 })', '2:1 the name of a workflow: takes a text, not an object'],
    ['const a = /x/', '2:11 a pattern is written as text'],
    ['const a = 1n', '2:11 a number is written without `n`'],
    ['const a = [1, , 2]', '2:11 a list has no holes; write null'],
    ['const a = [...{}]', '2:12 only a list is spread here'],
    ['const a = { ...[] }', '2:13 only an object is spread here'],
    ['const a = { [null]: 1 }', '2:14 a key is a text or a number'],
    [`const a = \`\${{}}\``, '2:14 a template takes texts, numbers and paths, not an object'],
    ["const a = 'x' + null", '2:17 + takes texts and numbers, not null'],
    ['let a = 1', '2:5 a value is named by `const`'],
    ['const { a } = { a: 1 }', '2:7 a constant has one name; write const name = …'],
    ['const a = b, b = 1', `2:11 there is no \`b\` above this line: ${OWN}`],
  ])('%s', (text, expected) => {
    expect(message(text)).toBe(expected);
  });

  test.each([
    [
      '$.json.a === 1',
      '`===` would act while the workflow is built; write .eq(), .gt(), .and(), .not() …, or $.expr`…`',
    ],
    ['$.json.a && $.json.b', '`&&` would act'],
    ['$.json.a ? 1 : 2', '`? :` would act'],
    ['!$.json.a', '`!` would act'],
    ['$.json.a + 1', '`+` would act'],
    ['$.json?.a', '`?.` cannot be read here'],
    ['$', '$ alone is no value; write a variable of it, such as $.json'],
    ['$.jsn', '$.jsn is no variable; there are json, node'],
    ['$.expr', '$.expr is a template: $.expr`…`'],
    ['$.expr("x")', '$.expr is a template: $.expr`…`'],
    ['$.expr`\\u{`', 'an escape in it is none'],
    ['$.json`x`', 'a tag of your own cannot be read here'],
    ['$["expr"]`x`', 'a tag of your own cannot be read here'],
    ['$.json.list.map((x) => x)', 'a function inside of an expression is written with $.expr`…`'],
    ['$.json.list.map(same)', 'an expression takes JSON values and paths, not a function'],
    ['$.json.a.eq(1, 2)', '$json.a.eq() takes one value, not 2'],
    ['$.json(1)', '$json is no method and cannot be called'],
    ['1', 'an arrow function returned number instead of a path or text'],
    ['same', 'an arrow function returned function instead of a path or text'],
  ])('in an expression: %s', (text, expected) => {
    const read = message(`const same = ($) => $.json;\nconst a = ($) => ${text};`);
    expect(read).toMatch(/^3:\d+ /);
    expect(read).toContain(expected);
  });

  test('a tag where there is no `$`', () => {
    expect(message('const a = () => $.expr`x`')).toContain('2:17 a tag of your own');
  });

  test.each([
    'const a = {}.constructor',
    "const a = workflow('w').constructor('x')",
    "const a = graph()['const' + 'ructor']",
    'const a = { __proto__: null }',
    "const a = { ['__proto__']: null }",
    'const a = ($) => $.json.prototype',
    'const a = ($) => $.constructor',
  ])('what reaches a prototype: %s', (text) => {
    expect(message(text)).toMatch(
      /^2:\d+ `(?:constructor|__proto__|prototype)` is refused everywhere; take another name$/,
    );
  });

  test.each([
    ["import { workflow } from './mine.ts';", "1:26 only 'myelin' can be imported here"],
    [
      "import { workflw } from 'myelin';",
      '1:10 import { workflow, graph } is all that is read here (did you mean workflow?)',
    ],
    ["import { 'workflow' as w } from 'myelin';", '1:10 import { workflow, graph } is all that is read here'],
    ["import * as m from 'myelin';", '1:8 import { workflow, graph } is all that is read here'],
    ["export default workflow('w');", `1:16 there is no \`workflow\` above this line: ${OWN}`],
    ['', '1:1 there is no `export default` of a workflow'],
    ["import { graph } from 'myelin';\nexport default graph();", '2:16 `export default` takes a workflow, not a graph'],
    ["export default 'w'", '1:16 `export default` takes a workflow, not a text'],
    [
      "export default { name: 'w', f: 1e999 }",
      '1:16 the workflow.f: takes a JSON value or an expression, not Infinity',
    ],
    ['const a = 1;\nconst a = 2;', "2:7 identifier 'a' has already been declared"],
    ['const a = {\n  b: 1 c: 2 }', '2:8 unexpected token'],
    ["const a = 'b", '1:11 unterminated string constant'],
  ])('as a module: %s', (text, expected) => {
    expect(message(text, '')).toBe(expected);
  });

  test.each([
    ['as', '1:14 ', 'const a = {} as const;'],
    ['satisfies', '1:14 ', 'const a = {} satisfies B;'],
    [':', '1:8 ', 'const a: B = {};'],
    [':', '1:13 ', 'const a = ($: Scope) => $.json;'],
    ['!', '1:12 ', 'const a = b!.c;'],
    ['type', '1:13 ', "import type { B } from 'myelin';"],
    ['type', '1:15 ', "import { type B } from 'myelin';"],
    ['type', '1:8 ', 'export type A = 1;'],
    ['type', '1:6 ', 'type A = 1;'],
    ['interface', '1:1 ', 'interface A {}'],
    ['enum', '1:1 ', 'enum A {}'],
    ['declare', '1:9 ', 'declare const a: 1;'],
  ])('what only TypeScript has: %s at %s', (word, place, text) => {
    const expected = `\`${word}\` belongs to the types of TypeScript, which are not read here; leave it out`;
    expect(message(text, '')).toBe(place + expected);
  });
});

describe('what is too much is refused', () => {
  const doubled = (first: string, next: (name: string) => string) =>
    `const a0 = ${first};\n${Array.from({ length: 60 }, (_, i) => `const a${i + 1} = ${next(`a${i}`)};`).join('\n')}\n`;
  const large = /^\d+:\d+ all of it together is larger than a workflow can be$/;

  test.each<[string, string]>([
    [
      'lists',
      `${doubled("['x']", (one) => `[${one}, ${one}]`)}export default workflow('w').node('a', 'x', { value: a60 });`,
    ],
    ['lists in what is exported', `${doubled("['x']", (one) => `[${one}, ${one}]`)}export default { name: a60 };`],
    ['lists in an expression', `${doubled("['x']", (one) => `[${one}, ${one}]`)}const e = ($) => $.json.eq(a60);`],
    ['lists in raw text', `${doubled("['x']", (one) => `[${one}, ${one}]`)}const e = ($) => $.expr\`\${a60}\`;`],
    ['spread lists', doubled("['x']", (one) => `[...${one}, ...${one}]`)],
    ['spread objects', doubled(`{ ${'k'.repeat(100_000)}: '${'x'.repeat(2_000_000)}' }`, (one) => `{ ...${one} }`)],
    ['texts', doubled("'xx'", (one) => `\`\${${one}}\${${one}}\``)],
    ['sums', doubled("'xx'", (one) => `${one} + ${one}`)],
    ['graphs', doubled("graph().node('a', 'x')", (one) => `graph().node('a', 'x', { l: ${one}, r: ${one} })`)],
    [
      'parts of documents',
      `const d = workflow('w').node('a', 'x', { v: '${'x'.repeat(100)}' }).build();\n${doubled('d.nodes', (one) => `[${one}, ${one}]`)}workflow(a30);`,
    ],
    [
      'documents',
      `const d = workflow('w', { description: '${'x'.repeat(1_000_000)}' });\n${'d.build();\n'.repeat(80)}`,
    ],
    [
      'expressions',
      `${doubled("'xxxx'", (one) => one)}${'const s = 1;'.slice(0, 0)}export default workflow('w').node('a', 'x', { v: [${'($) => $.json.a.eq(b), '.repeat(80)}] });`.replace(
        'const a0',
        `const b = '${'x'.repeat(1_000_000)}';\nconst a0`,
      ),
    ],
  ])('%s', (_what, text) => {
    expect(message(text)).toMatch(large);
  });

  test('nesting', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(message(`const a = ${nested(101)}`)).toContain('the value is nested more than 100 levels deep; flatten it');
    expect(message(`const a = ${nested(400)}`)).toContain('2:311 it is nested too deeply to be read');
    expect(message(`const a = ${nested(50_000)}`)).toContain('it is nested too deeply to be read');
    expect(message(doubledDepth())).toContain('the value is nested more than 100 levels deep; flatten it');
    expect(message(`export default workflow('w').node('a', 'x', { v: ${nested(98)} });`)).toContain(
      '2:16 The value is nested',
    );
    expect(message(`export default workflow('w').node('a', 'x', { v: ${nested(96)} });`)).toHaveProperty('document');
  });

  const doubledDepth = () =>
    `const a0 = [];\n${Array.from({ length: 120 }, (_, i) => `const a${i + 1} = [a${i}];`).join('\n')}`;

  test('text', () => {
    expect(message(' '.repeat(10 * 1024 * 1024), '// ')).toBe('1:1 the text is longer than 10485760 characters');
  });
});

test('a mistake of the program is no fault of the text', () => {
  expect(() => readTypeScript(null as never)).toThrow(TypeError);
});

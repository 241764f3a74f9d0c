/** What is printed is read back as it was, and no text does anything but give a document or a fault. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeDefinition } from '../../testing/definitions.ts';
import { readTypeScript } from './read-typescript.ts';
import { toTypeScript } from './to-typescript.ts';

test('definition -> TypeScript -> definition is the identity', () => {
  fc.assert(
    fc.property(safeDefinition, (definition) => {
      const read = readTypeScript(toTypeScript(definition));
      if (!isDeepStrictEqual(read, { document: definition })) expect(read).toStrictEqual({ document: definition });
    }),
    { numRuns: 300 },
  );
});

test('10,000 nodes, in chains, statements and bodies, are read', () => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => ({ id: `n${i}`, type: 'transform', config: { value: i } }));
  const edges = nodes.slice(1).map((node, i) => `n${i} -> ${node.id}`);
  const body = { nodes: [{ id: 'each', type: 'loop', config: { times: 1, body: { nodes, edges } } }] };
  const chain = `export default workflow('w')${nodes.map(({ id }) => `.node('${id}', 'join')`).join('')};`;
  for (const one of [
    { name: 'large', nodes, edges },
    { name: 'inner', ...body },
    { name: 'text', nodes: [{ id: 'a', type: 'x', config: { value: 'some words '.repeat(100_000) } }] },
  ]) {
    expect(isDeepStrictEqual(readTypeScript(toTypeScript(one)), { document: one })).toBe(true);
  }
  expect(readTypeScript(`import { workflow } from 'myelin';\n${chain}`)).toHaveProperty(
    'document.nodes.length',
    10_000,
  );
});

/** Parts of modules, put together at random: most are wrong in some way. */
const word = fc.constantFrom(
  ...[
    "import { workflow, graph } from 'myelin';\n",
    'const a = ',
    'const b = ',
    'export default ',
    "workflow('w')",
    'graph()',
  ],
  ...[
    ".node('n', 'x', ",
    ".edge('n', 'n')",
    '.edges(',
    ".manual('m')",
    ".webhook('h', ",
    '.build()',
    '.toJSON()',
    '.constructor',
  ],
  ...[
    '($) => ',
    '$',
    '$.json',
    '$.expr`',
    '`',
    '${',
    '}',
    '.eq(',
    '.toString()',
    "['__proto__']",
    '.length',
    '[0]',
    '?.a',
  ],
  ...[
    '{',
    'a: ',
    'b',
    'toJSON: ',
    '...',
    '[',
    ']',
    '(',
    ')',
    ', ',
    ';\n',
    '1',
    '-',
    '+',
    "'t'",
    'null',
    'undefined',
    '/x/',
    '1n',
  ],
  ...[
    'function ',
    'new ',
    'await ',
    'as const',
    ' satisfies X',
    'class ',
    'for (;;) ',
    'if (a) ',
    'globalThis',
    'eval',
    '\n// c\n',
  ],
);
const text = fc.oneof(
  fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
  fc
    .array(word, { maxLength: 40 })
    .map((words) => `import { workflow, graph } from 'myelin';\nexport default workflow('w')${words.join('')}`),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

function expectFaultIn(source: string): void {
  const read = readTypeScript(source);
  if ('document' in read) return;
  const { fault } = read;
  expect(fault.message).not.toBe('');
  const before = source.slice(0, fault.from).split(/\r\n|[\n\r\u2028\u2029]/);
  expect([fault.line, fault.column]).toEqual([before.length, before.at(-1)!.length + 1]);
  expect(fault.to).toBeGreaterThanOrEqual(fault.from);
  expect(fault.to).toBeLessThanOrEqual(source.length);
}

test('no text throws: it is a document, or a fault with its place', () => {
  fc.assert(fc.property(text, expectFaultIn), { numRuns: 2000 });
});

test('neither does a module in which one piece was changed', () => {
  const change = fc.tuple(safeDefinition, fc.nat(), fc.nat({ max: 30 }), fc.oneof(word, fc.string()));
  fc.assert(
    fc.property(change, ([definition, at, length, piece]) => {
      const printed = toTypeScript(definition);
      const from = at % printed.length;
      expectFaultIn(printed.slice(0, from) + piece + printed.slice(from + length));
    }),
    { numRuns: 400 },
  );
});

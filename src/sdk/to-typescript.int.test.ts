/** Document to TypeScript, evaluated as a module, and back: the identity. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Definition, definitionSchema, type GraphDefinition } from '../core/definition/schema.ts';
import { toTypeScript } from '../core/typescript/to-typescript.ts';

const SDK = new URL('./index.ts', import.meta.url).href;
let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-typescript-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The definitions that come out of their modules, which stand together in one file to be quick. */
async function evaluate(definitions: readonly Definition[]): Promise<Definition[]> {
  const modules = definitions.map((definition, index) => {
    const text = toTypeScript(definition);
    expect(text).toMatch(/^import \{ (?:graph, )?workflow \} from 'myelin';\n/);
    return `const d${index} = (() => {\n${text.slice(text.indexOf('\n')).replace(/^export default /m, 'return ')}})();`;
  });
  const names = definitions.map((_, index) => `d${index}`).join(', ');
  const source = [`import { graph, workflow } from '${SDK}';`, ...modules, `export default [${names}];`].join('\n');
  return (await load(source)).default as Definition[];
}

async function load(source: string): Promise<{ default: unknown }> {
  count += 1;
  const file = join(folder, `m${count}.ts`);
  writeFileSync(file, source);
  return import(/* @vite-ignore */ pathToFileURL(file).href);
}

const record = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { noNullPrototype: true });
const sixteenBits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
const shard = fc.constantFrom('\n', '\r\n', '`', '${', '{{ $json.a }}', '\\', "'", '"', '*/', 'return ', '\u2028', ' ');
const long = fc.array(fc.oneof(shard, fc.lorem({ maxCount: 20 })), { maxLength: 12 }).map((words) => words.join(''));
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), sixteenBits, long);
const key = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'constructor', 'toJSON', 'then', '0', 'class', 'body', 'branches', 'nodes', 'edges'),
);
const dictionary = (value: fc.Arbitrary<unknown>) => fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 4 }),
    dictionary(tie('json')),
  ),
}));

const id = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,20}$/)
  .filter((one) => one !== '__proto__' && one !== 'constructor' && one !== 'prototype');
const duration = fc.constantFrom('500ms', '90s', '1h30m');
const retry = fc.record(
  {
    attempts: fc.integer({ min: 1, max: 9 }),
    backoff: fc.constantFrom('exponential', 'fixed'),
    delay: duration,
    jitter: fc.boolean(),
  },
  { noNullPrototype: true, requiredKeys: [] },
);
const edge = fc.oneof(
  fc.tuple(id, id).map(([from, to]) => `${from} -> ${to}`),
  fc.tuple(id, id, id).map(([from, port, to]) => `${from}:${port} -> ${to}`),
  fc.tuple(id, id).map(([from, to]) => ` ${from}->${to} `),
  text.filter((one) => one.length <= 300),
);
const edges = fc.array(edge, { maxLength: 4 });

const { graph } = fc.letrec<{ graph: GraphDefinition; node: unknown; container: unknown }>((tie) => ({
  graph: fc.record(
    { nodes: fc.array(tie('node'), { minLength: 1, maxLength: 3 }), edges },
    { noNullPrototype: true, requiredKeys: ['nodes'] },
  ) as never,
  node: fc.record(
    {
      id,
      type: fc.constantFrom('http', 'transform', 'if', 'loop', 'map', 'parallel', 'acme.odd type'),
      description: text,
      config: fc.oneof({ maxDepth: 3 }, dictionary(json), tie('container')),
      join: fc.oneof(fc.constantFrom('all', 'any'), fc.integer({ min: 1, max: 5 })),
      retry,
      timeout: duration,
      deadline: duration,
      onError: fc.constantFrom('fail', 'continue', 'branch'),
      position: record({ x: fc.double({ noNaN: true, noDefaultInfinity: true }), y: fc.integer() }),
    },
    { noNullPrototype: true, requiredKeys: ['id', 'type'] },
  ),
  container: fc.oneof(
    record({ items: json, body: tie('graph') }),
    record({ body: fc.oneof(json, record({ nodes: fc.array(tie('node')), extra: json })) }),
    record({ branches: dictionary(fc.oneof(tie('graph'), json)) }),
  ),
}));

const trigger = fc
  .tuple(
    fc.record({ id, type: fc.constantFrom('webhook', 'manual', 'schedule', 'event', 'poll', 'kafka', 'acme.x') }),
    dictionary(json),
  )
  .map(([head, config]) => ({ ...config, ...head }));

const definition = fc
  .tuple(
    graph,
    fc.record(
      {
        name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/),
        description: text,
        settings: fc.record(
          { timeout: duration, priority: fc.constantFrom('low', 'high'), retry },
          { noNullPrototype: true, requiredKeys: [] },
        ),
        expose: fc.constantFrom({}, { mcp: true as const }, { mcp: { name: 'x_1', wait: '5s' } }),
        triggers: fc.array(trigger, { maxLength: 3 }),
      },
      { noNullPrototype: true, requiredKeys: ['name'] },
    ),
  )
  .map(([nodes, head]) => ({ ...head, ...nodes }) as Definition)
  .filter((one) => definitionSchema.safeParse(one).success);

test('document -> TypeScript -> document is the identity', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(definition, { minLength: 1, maxLength: 25, size: 'max' }), async (definitions) => {
      const back = await evaluate(definitions);
      for (const [index, one] of definitions.entries()) {
        if (!isDeepStrictEqual(back[index], one)) expect(back[index]).toStrictEqual(one);
        expect(isDeepStrictEqual(back[index], one)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test('a whole module evaluates, also one of 10,000 nodes, bodies included', async () => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => ({ id: `n${i}`, type: 'transform', config: { value: i } }));
  const edges = nodes.slice(1).map((node, i) => `n${i} -> ${node.id}`);
  const body = { nodes: [{ id: 'each', type: 'loop', config: { times: 1, body: { nodes, edges } } }] };
  for (const one of [
    { name: 'large', nodes, edges },
    { name: 'inner', ...body },
  ]) {
    const source = toTypeScript(one).replace("from 'myelin'", `from '${SDK}'`);
    expect(isDeepStrictEqual((await load(source)).default, one)).toBe(true);
  }
});

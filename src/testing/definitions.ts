/** Definitions of every form, with texts and keys that are hard to print, for tests of what prints and reads them. */
import fc from 'fast-check';
import { type Definition, definitionSchema, type GraphDefinition } from '../core/definition/schema.ts';
import { isUnsafeKey } from '../core/safe-json.ts';

const record = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { noNullPrototype: true });
const sixteenBits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
const shard = fc.constantFrom('\n', '\r\n', '`', '${', '{{ $json.a }}', '\\', "'", '"', '*/', 'return ', '\u2028', ' ');
const long = fc.array(fc.oneof(shard, fc.lorem({ maxCount: 20 })), { maxLength: 12 }).map((words) => words.join(''));
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), sixteenBits, long);
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

const KEYS = ['toJSON', 'then', '0', 'class', 'body', 'branches', 'nodes', 'edges', 'id', 'type'];

/** Definitions whose configs have these keys besides all others. */
function definitions(key: fc.Arbitrary<string>): fc.Arbitrary<Definition> {
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
        compensate: id,
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

  return fc
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
}

/** With keys that only a file could hold: the server refuses them. */
export const anyDefinition = definitions(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', ...KEYS)));

/** As the server takes them, before it looks at types and expressions. */
export const safeDefinition = definitions(fc.oneof(text, fc.constantFrom(...KEYS)).filter((one) => !isUnsafeKey(one)));

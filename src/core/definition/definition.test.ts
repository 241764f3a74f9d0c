import { describe, expect, test } from 'vitest';
import { driveCatalog as catalog } from '../../testing/drive.ts';
import { MyelinError } from '../errors.ts';
import { distance, suggest } from '../suggest.ts';
import { parseEdge } from './edge.ts';
import { definitionFaults, validate } from './validate.ts';

const one = { id: 'a', type: 'transform', config: {} };
const two = { id: 'b', type: 'transform', config: {} };
const faultsOf = (document: object) =>
  definitionFaults({ name: 'test', nodes: [one, two], edges: ['a -> b'], ...document }, catalog).map(
    (fault) => `${fault.path}: ${fault.message}`,
  );

test('a sound document has no faults', () => {
  expect(faultsOf({})).toEqual([]);
  const document = { name: 'x', nodes: [one] };
  expect(validate(document, catalog)).toBe(document);
});

test('all faults are reported at once, each with its place and mend', () => {
  const found = faultsOf({
    name: 'Not A Name',
    extra: 1,
    nodes: [{ id: '1x', type: 'transform' }, { id: 'b' }],
  });
  expect(found).toEqual([
    'name: takes lower-case letters, digits and -, at most 100',
    'nodes[0].id: takes letters, digits, _ and -, begins with a letter, at most 64',
    expect.stringContaining('nodes[1].type: '),
    'extra: unknown field; remove or rename it',
  ]);
});

test('an invalid document throws with the whole list', () => {
  try {
    validate(
      {
        name: 'x',
        nodes: [
          { id: 'a', type: 'nope' },
          { ...one, id: 'a' },
        ],
      },
      catalog,
    );
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(MyelinError);
    expect((error as MyelinError).code).toBe('invalid_definition');
    expect((error as MyelinError).message).toContain('more)');
    expect(((error as MyelinError).data as { errors: unknown[] }).errors.length).toBeGreaterThan(1);
  }
});

test.each([null, 5, 'text', [], {}, { name: 'x', nodes: [] }, { name: 'x', nodes: 'a' }])(
  '%j is no definition',
  (document) => {
    expect(definitionFaults(document, catalog).length).toBeGreaterThan(0);
  },
);

test.each([
  [{ settings: { errorWorkflow: 'tell-us' } }, []],
  [
    { settings: { errorWorkflow: 'test' } },
    ['settings.errorWorkflow: is this workflow itself; name the one that handles failures'],
  ],
  [
    { settings: { errorWorkflow: 'Tell us' } },
    ['settings.errorWorkflow: takes lower-case letters, digits and -, at most 100'],
  ],
  [{ triggers: [{ id: 'after', type: 'workflow', workflow: 'import', on: ['failed'] }] }, []],
  [
    { triggers: [{ id: 'after', type: 'workflow', workflow: 'test' }] },
    ['triggers[0].workflow: is this workflow itself; it would start itself without end'],
  ],
  [
    { triggers: [{ id: 'after', type: 'workflow', workflow: 'import', on: [] }] },
    ['triggers[0].on: takes at least one end, such as completed'],
  ],
])('what names another workflow: %j', (document, faults) => {
  expect(faultsOf(document)).toEqual(faults);
});

describe('nodes', () => {
  test.each([
    [{ nodes: [one, { ...one }], edges: [] }, 'nodes[1].id: duplicate id a; rename one of the nodes'],
    [{ nodes: [{ ...one, type: 'trasform' }] }, 'nodes[0].type: unknown node type trasform (did you mean transform?)'],
    [{ nodes: [{ ...one, type: 'zzzzzzzz' }] }, 'nodes[0].type: unknown node type zzzzzzzz'],
    [
      { nodes: [one, two, { ...one, id: 'c' }] },
      'nodes[2]: unreachable: no edge leads to or from c; add one, or remove the node',
    ],
    [
      { nodes: [{ ...one, config: { sett: {} } }], edges: [] },
      'nodes[0].config.sett: unknown field; remove or rename it',
    ],
    [{ nodes: [{ id: 'a', type: 'delay', config: {} }], edges: [] }, 'nodes[0].config'],
    [
      { nodes: [{ id: 'a', type: 'loop', config: { body: { nodes: [one] } } }], edges: [] },
      'nodes[0].config: takes one of items, times and while',
    ],
    [{ nodes: [{ ...one, retry: {} }], edges: [] }, 'nodes[0].retry: a transform node makes no attempts'],
    [{ nodes: [{ ...one, timeout: '1s' }], edges: [] }, 'nodes[0].timeout: a transform node makes no attempts'],
    [{ nodes: [{ id: '__proto__', type: 'transform' }], edges: [] }, 'nodes[0].id: is a reserved name'],
  ])('%j', (document, expected) => {
    expect(faultsOf(document).join('\n')).toContain(expected);
  });

  test('faults inside bodies have their place', () => {
    const body = {
      nodes: [
        { id: 'x', type: 'zzzzzz' },
        { id: 'y', type: 'if', config: { condition: '{{ $itm }}' } },
      ],
      edges: ['x -> y'],
    };
    expect(faultsOf({ nodes: [{ id: 'm', type: 'map', config: { items: '{{ [] }}', body } }], edges: [] })).toEqual([
      'nodes[0].config.body.nodes[0].type: unknown node type zzzzzz',
      expect.stringContaining('nodes[0].config.body.nodes[1].config.condition: unknown variable $itm'),
    ]);
    expect(
      faultsOf({
        nodes: [{ id: 'p', type: 'parallel', config: { branches: { q: { nodes: [{ id: 5 }] } } } }],
        edges: [],
      }).join(),
    ).toContain('nodes[0].config.branches.q.nodes[0].id');
  });

  test('bodies nested too deep, and too many nodes in all', () => {
    let body: object = { nodes: [one] };
    for (let depth = 0; depth < 22; depth++) body = { nodes: [{ id: 'l', type: 'loop', config: { times: 1, body } }] };
    expect(faultsOf({ ...body, edges: [] }).join()).toContain('nested more than 20 deep');
    const many = Array.from({ length: 6_000 }, (_, at) => ({ id: `n${at}`, type: 'transform' }));
    const chain = many.slice(1).map((node, at) => `n${at} -> ${node.id}`);
    const branch = { nodes: many, edges: chain };
    const nodes = [{ id: 'p', type: 'parallel', config: { branches: { x: branch, y: branch } } }];
    expect(faultsOf({ nodes, edges: [] })).toEqual(['nodes: a workflow has at most 10000 nodes, not 12001']);
  });
});

describe('edges', () => {
  test.each([
    ['a => b', 'edges[1]: "a => b" is no edge; write "a -> b" or "a:port -> b"'],
    ['a -> bb', 'edges[1]: unknown node bb (did you mean b?)'],
    ['a:outt -> b', 'edges[1]: a has no port outt (did you mean out?); its ports are out, error'],
    ['a -> b', 'edges[1]: the same edge stands twice; remove one'],
    ['b -> a', 'nodes[0]: cycle: a -> b -> a; use a loop node to repeat steps'],
    ['a -> a', 'cycle: a -> a'],
  ])('%s', (edge, expected) => {
    expect(faultsOf({ edges: ['a -> b', edge] }).join('\n')).toContain(expected);
  });

  test('a node with named ports needs one on each edge', () => {
    const nodes = [{ id: 'a', type: 'if', config: { condition: true } }, two];
    expect(faultsOf({ nodes })).toEqual(['edges[0]: a needs a port on this edge; its ports are true, false, error']);
    expect(faultsOf({ nodes, edges: ['a:true -> b'] })).toEqual([]);
  });

  test('a fail node has no ports; port error needs an onError that uses it', () => {
    expect(faultsOf({ nodes: [{ id: 'a', type: 'fail', config: { message: 'x' } }, two] }).join()).toContain(
      'no ports to leave by',
    );
    const nodes = [{ ...one, onError: 'continue' }, two];
    expect(faultsOf({ nodes, edges: ['a:error -> b'] }).join()).toContain('set onError: branch');
  });

  test.each([
    ['a->b', { from: 'a', port: undefined, to: 'b' }],
    [' a-1:x.y  ->  b_2 ', { from: 'a-1', port: 'x.y', to: 'b_2' }],
    ['a', null],
    ['a:->b', null],
  ])('parse %j', (text, expected) => {
    expect(parseEdge(text)).toEqual(expected);
  });
});

describe('expressions', () => {
  const withValue = (value: string, type = 'transform') =>
    faultsOf({
      nodes: [one, { id: 'b', type, config: type === 'transform' ? { set: { x: value } } : { url: value } }],
    }).join();

  test('an unknown variable is refused when the definition is saved', () => {
    expect(withValue('{{ $jsn.a }}')).toContain('nodes[1].config.set.x: unknown variable $jsn (did you mean $json?)');
  });

  test('$node names a node that has run by then', () => {
    expect(withValue('{{ $node.a.x }}')).toBe('');
    expect(withValue('{{ $node.aa.x }}')).toContain('$node.aa is no node of this workflow (did you mean a?)');
    expect(withValue('{{ $node.b.x }}')).toContain('$node.b does not come before b');
  });

  test('secrets are read only by nodes that act', () => {
    expect(withValue('{{ $secrets.KEY }}')).toContain('secrets');
    expect(withValue('https://x.example/{{ $secrets.KEY }}', 'http')).toBe('');
  });
});

describe('triggers', () => {
  test.each([
    [[{ id: 't', type: 'webhok' }], 'triggers[0].type: unknown trigger type webhok (did you mean webhook?)'],
    [
      [
        { id: 't', type: 'manual' },
        { id: 't', type: 'manual' },
      ],
      'triggers[1].id: duplicate id t; rename one',
    ],
    [[{ id: 't', type: 'webhook', path: 'a b' }], 'triggers[0].path'],
    [
      [{ id: 't', type: 'webhook', path: 'a', transform: '{{ $node.a }}' }],
      'triggers[0].transform: $node cannot be used here',
    ],
  ])('%j', (triggers, expected) => {
    expect(faultsOf({ triggers }).join('\n')).toContain(expected);
  });
});

test('10,000 nodes in a chain, each reading the one before, are checked', () => {
  const nodes = Array.from({ length: 10_000 }, (_, at) => ({
    id: `n${at}`,
    type: 'transform',
    config: at === 0 ? {} : { set: { x: `{{ $node.n${at - 1}.x }}` } },
  }));
  expect(faultsOf({ nodes, edges: nodes.slice(1).map((node, at) => `n${at} -> ${node.id}`) })).toEqual([]);
});

test('nearest words', () => {
  expect(distance('kitten', 'sitting')).toBe(3);
  expect(suggest('htp', ['http', 'if'])).toBe(' (did you mean http?)');
  expect(suggest('abc', [])).toBe('');
});

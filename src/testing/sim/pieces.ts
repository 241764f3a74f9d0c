/** The pieces that workflows of the simulation are made of. Another one is another entry of the list. */
import type { GraphDefinition, NodeDefinition } from '../../core/definition/schema.ts';
import type { Chance } from './chance.ts';

/** What a piece may ask for while it is made. */
export interface Maker {
  readonly chance: Chance;
  /** Containers around this piece. */
  readonly depth: number;
  /** Names of workflows that may be called. */
  readonly callable: readonly string[];
  /** A graph for the body of a container. */
  body(): GraphDefinition;
}

/** A node without its id, and the ports that edges may leave it by. */
export interface Made {
  readonly node: Omit<NodeDefinition, 'id'>;
  readonly ports: readonly string[];
}

interface Piece {
  readonly weight: number;
  make(maker: Maker): Made;
}

const out = (node: Made['node']): Made => ({ node, ports: ['out'] });

const act: Piece = {
  weight: 10,
  make: ({ chance }) => {
    const does = chance.weighted([
      { weight: 6, value: 'succeed' },
      { weight: 3, value: 'flicker' },
      { weight: 1, value: 'break' },
      { weight: 0.5, value: 'hang' },
    ]).value;
    const effect = chance.pick(['read', 'idempotent', 'reconcilable', 'irreversible']);
    const ms = chance.pick([0, 20, 300, 3_000, 15_000]);
    const onError = chance.pick(['fail', 'fail', 'continue', 'branch'] as const);
    const limit = does === 'hang' || chance.happens(0.2) ? { timeout: chance.pick(['100ms', '2s', '20s']) } : {};
    const retry = chance.happens(0.6) ? { retry: drawRetry(chance) } : {};
    const ports = onError === 'branch' ? ['out', 'error'] : ['out'];
    return { node: { type: 'act', config: { effect, does, ms }, onError, ...limit, ...retry }, ports };
  },
};

function drawRetry(chance: Chance): NonNullable<NodeDefinition['retry']> {
  return {
    attempts: chance.int(1, 4),
    backoff: chance.pick(['exponential', 'fixed'] as const),
    delay: chance.pick(['1ms', '200ms', '3s', '40s']),
    jitter: chance.happens(0.5),
  };
}

const transform: Piece = {
  weight: 2,
  make: ({ chance }) =>
    out({ type: 'transform', config: { set: { n: chance.int(0, 5), at: '{{ $now.toMillis() }}' } } }),
};

const condition: Piece = {
  weight: 2,
  make: () => ({ node: { type: 'if', config: { condition: '{{ $json.n > 2 }}' } }, ports: ['true', 'false'] }),
};

const choice: Piece = {
  weight: 1,
  make: () => ({
    node: {
      type: 'switch',
      config: { value: '{{ $json.n }}', cases: [1, 2].map((n) => ({ equals: n, port: `p${n}` })) },
    },
    ports: ['p1', 'p2', 'default'],
  }),
};

const delay: Piece = {
  weight: 4,
  make: ({ chance }) =>
    out({ type: 'delay', config: { for: chance.pick(['0s', '20ms', '1s', '5s', '25s', '2h', '3d']) } }),
};

const join: Piece = {
  weight: 1,
  make: ({ chance }) => out({ type: 'join', config: { mode: chance.pick(['all', 'any', 2] as const) } }),
};

const fail: Piece = {
  weight: 0.4,
  make: () => ({ node: { type: 'fail', config: { message: 'on purpose' } }, ports: [] }),
};

const child: Piece = {
  weight: 3,
  make: ({ chance, callable }) => {
    const name = callable.length === 0 || chance.happens(0.05) ? 'nowhere' : chance.pick(callable);
    const onError = chance.pick(['fail', 'continue'] as const);
    return out({ type: 'workflow', config: { workflow: name, wait: chance.happens(0.8) }, onError });
  },
};

const loop: Piece = {
  weight: 1.5,
  make: ({ chance, body }) => {
    const rounds = chance.happens(0.5) ? { times: chance.int(0, 3) } : { while: '{{ $index < 2 }}' };
    return out({ type: 'loop', config: { ...rounds, body: body() } });
  },
};

const map: Piece = {
  weight: 1.5,
  make: ({ chance, body }) => {
    const items = Array.from({ length: chance.int(0, 4) }, (_, n) => ({ n }));
    const onItemError = chance.pick(['fail', 'skip', 'collect']);
    const onError = chance.pick(['fail', 'continue'] as const);
    return out({ type: 'map', config: { items, limit: chance.int(1, 3), onItemError, body: body() }, onError });
  },
};

const parallel: Piece = {
  weight: 1.5,
  make: ({ body }) => out({ type: 'parallel', config: { branches: { a: body(), b: body() } } }),
};

const saga: Piece = {
  weight: 2,
  make: ({ chance, body }) => {
    const onError = chance.pick(['fail', 'continue', 'branch'] as const);
    const ports = onError === 'branch' ? ['out', 'error'] : ['out'];
    return { node: { type: 'saga', config: { body: body() }, onError }, ports };
  },
};

const approval: Piece = {
  weight: 1.5,
  make: ({ chance }) => {
    const timeout = chance.happens(0.6) ? { timeout: chance.pick(['50ms', '5s', '2h']) } : {};
    const reminder = chance.happens(0.3) ? { reminder: chance.pick(['10s', '30m']) } : {};
    const escalate = chance.pick([
      {},
      { escalate: { decide: 'rejected' } },
      { escalate: { to: ['b'], timeout: '20s' } },
    ]);
    const config = { title: 'Go on?', ...timeout, ...reminder, ...escalate };
    return { node: { type: 'approval', config }, ports: ['approved', 'rejected', 'expired'] };
  },
};

const wait: Piece = {
  weight: 1.5,
  make: ({ chance }) => {
    const what = chance.happens(0.5) ? { for: 'callback' } : { for: 'event', type: 'order.*' };
    const timeout = chance.happens(0.6) ? { timeout: chance.pick(['50ms', '5s', '2h']) } : {};
    return { node: { type: 'wait', config: { ...what, ...timeout } }, ports: ['out', 'expired'] };
  },
};

const emit: Piece = {
  weight: 0.5,
  make: () => out({ type: 'emit', config: { type: 'order.made' } }),
};

/** What undoes: mostly it works, but not always at once. */
export function makeCompensation({ chance }: Maker): Made['node'] {
  const does = chance.weighted([
    { weight: 6, value: 'succeed' },
    { weight: 3, value: 'flicker' },
    { weight: 0.7, value: 'break' },
  ]).value;
  const effect = chance.pick(['idempotent', 'idempotent', 'reconcilable', 'irreversible']);
  const config = { effect, does, ms: chance.pick([0, 50, 2_000]) };
  return { type: 'act', config, onError: chance.pick(['fail', 'continue'] as const), retry: drawRetry(chance) };
}

const FLAT: readonly Piece[] = [act, transform, condition, choice, delay, join, fail, child, approval, wait, emit];
const CONTAINERS: readonly Piece[] = [loop, map, parallel, saga];
const DEEPEST = 2;

export function makePiece(maker: Maker): Made {
  const pieces = maker.depth < DEEPEST ? [...FLAT, ...CONTAINERS] : FLAT;
  return maker.chance.weighted(pieces).make(maker);
}

/**
 * The work of a campaign: workflows, each with what must have become of an execution of it. A workflow that is added to
 * WORKFLOWS is called, killed and checked with the others.
 */
const RETRY = { attempts: 1000, delay: '20ms', max: '100ms' };

/** How an execution must have ended. */
export interface Expected {
  readonly status: string;
  /** Nodes that have finished, each once. */
  readonly finished: readonly string[];
  /** Of those, what was undone, by what, in this order; done first, and called at the sink in this order. */
  readonly undone?: readonly string[];
}

export interface ChaosWorkflow {
  /** Also the path of its webhook. */
  readonly name: string;
  document(sink: string): object;
  /** Any of these; `n` is what its caller sent. */
  expected(n: number): readonly Expected[];
  /** What a caller of the webhook sees where it gets the result. */
  reply?(n: number): unknown;
  /** A person may cancel it while it runs. */
  readonly fickle?: true;
}

const effect = (sink: string, id: string, more: object = {}) => ({
  id,
  type: 'http',
  config: { method: 'POST', url: `${sink}/${id}`, body: { n: '{{ $trigger.body.n }}' }, idempotent: true },
  retry: RETRY,
  ...more,
});

const hook = (path: string, more: object = {}) => [{ id: 'hook', type: 'webhook', path, ...more }];

/** Single effects, effects in a map, a stored timer. */
export const ERRANDS: ChaosWorkflow = {
  name: 'chaos',
  document: (sink) => ({
    name: 'chaos',
    triggers: hook('chaos'),
    nodes: [
      effect(sink, 'first'),
      { id: 'shape', type: 'transform', config: { set: { items: '{{ [1, 2, 3] }}' } } },
      {
        id: 'each',
        type: 'map',
        config: { items: '{{ $json.items }}', limit: 2, body: { nodes: [effect(sink, 'fetch')] } },
      },
      { id: 'pause', type: 'delay', config: { for: '50ms' } },
      effect(sink, 'last'),
    ],
    edges: ['first -> shape', 'shape -> each', 'each -> pause', 'pause -> last'],
  }),
  expected: () => [
    {
      status: 'completed',
      finished: ['first', 'shape', 'each', 'each[0]/fetch', 'each[1]/fetch', 'each[2]/fetch', 'pause', 'last'],
    },
  ],
};

/** Three steps, each with what undoes it; for every other caller the third is refused, and the two before are undone. */
export const SAGA: ChaosWorkflow = {
  name: 'saga',
  document: (sink) => ({
    name: 'saga',
    triggers: hook('saga'),
    nodes: [
      effect(sink, 'reserve', { compensate: 'release' }),
      effect(sink, 'charge', { compensate: 'refund' }),
      { id: 'rest', type: 'delay', config: { for: '30ms' } },
      { id: 'lucky', type: 'if', config: { condition: '{{ $trigger.body.n % 4 < 2 }}' } },
      effect(sink, 'ship'),
      effect(sink, 'refuse'),
      effect(sink, 'release'),
      effect(sink, 'refund'),
    ],
    edges: ['reserve -> charge', 'charge -> rest', 'rest -> lucky', 'lucky:true -> ship', 'lucky:false -> refuse'],
  }),
  expected: (n) => {
    const done = ['reserve', 'charge', 'rest', 'lucky'];
    if (n % 4 < 2) return [{ status: 'completed', finished: [...done, 'ship'] }];
    return [{ status: 'compensated', finished: [...done, 'refund', 'release'], undone: ['refund', 'release'] }];
  },
};

/** The caller waits for the answer, whichever process runs it. */
export const REPLY: ChaosWorkflow = {
  name: 'reply',
  document: (sink) => ({
    name: 'reply',
    triggers: hook('reply', { respond: 'result', wait: '2s' }),
    nodes: [
      effect(sink, 'ask'),
      { id: 'answer', type: 'respond', config: { status: 200, body: { seen: '{{ $trigger.body.n }}' } } },
    ],
    edges: ['ask -> answer'],
  }),
  expected: () => [{ status: 'completed', finished: ['ask', 'answer'] }],
  reply: (n) => ({ seen: n }),
};

/** Often canceled by an api process, which owns nothing. */
export const FICKLE: ChaosWorkflow = {
  name: 'fickle',
  document: (sink) => ({
    name: 'fickle',
    triggers: hook('fickle'),
    nodes: [effect(sink, 'begin'), { id: 'think', type: 'delay', config: { for: '400ms' } }, effect(sink, 'finish')],
    edges: ['begin -> think', 'think -> finish'],
  }),
  expected: () => [
    { status: 'completed', finished: ['begin', 'think', 'finish'] },
    { status: 'canceled', finished: [] },
    { status: 'canceled', finished: ['begin'] },
    { status: 'canceled', finished: ['begin', 'think'] },
    { status: 'canceled', finished: ['begin', 'think', 'finish'] },
  ],
  fickle: true,
};

export const WORKFLOWS: readonly ChaosWorkflow[] = [ERRANDS, SAGA, REPLY, FICKLE];

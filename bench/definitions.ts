/** The workflows that are measured. */

type Definition = Readonly<Record<string, unknown>>;

const ORDER_FIELDS = { id: '{{ $trigger.body.id }}', amount: '{{ $trigger.body.amount }}' };

const webhook = (path: string, respond: 'accepted' | 'result') => [{ id: 'hook', type: 'webhook', path, respond }];

/** transform -> if -> transform: all of it in memory, in the commit that creates the execution. */
export function pureWorkflow(name: string, respond: 'accepted' | 'result'): Definition {
  return {
    name,
    triggers: webhook(name, respond),
    nodes: [
      { id: 'shape', type: 'transform', config: { value: ORDER_FIELDS } },
      { id: 'large', type: 'if', config: { condition: '{{ $json.amount > 100 }}' } },
      { id: 'mark', type: 'transform', config: { set: { level: 'large' } } },
    ],
    edges: ['shape -> large', 'large:true -> mark'],
  };
}

/** Three steps with an effect: each is durable before the next begins. */
export function effectsWorkflow(name: string): Definition {
  const call = (id: string) => ({ id, type: 'tool', config: { tool: 'noop', arguments: ORDER_FIELDS } });
  return {
    name,
    triggers: webhook(name, 'result'),
    nodes: [call('reserve'), call('charge'), call('ship')],
    edges: ['reserve -> charge', 'charge -> ship'],
  };
}

/** As many transforms in a row. */
export function chainWorkflow(name: string, nodes: number): Definition {
  const ids = Array.from({ length: nodes }, (_, index) => `n${index}`);
  return {
    name,
    triggers: webhook(name, 'result'),
    nodes: ids.map((id, index) => ({
      id,
      type: 'transform',
      config: index === 0 ? { value: { count: 1 } } : { set: { count: '{{ $json.count + 1 }}' } },
    })),
    edges: ids.slice(1).map((id, index) => `${ids[index]} -> ${id}`),
  };
}

/** Completes for an amount above 0 and fails for another; started by hand. The stored executions are of it. */
export function checkedWorkflow(name: string): Definition {
  return {
    name,
    triggers: [{ id: 'start', type: 'manual' }],
    nodes: [
      { id: 'check', type: 'if', config: { condition: '{{ $json.amount > 0 }}' } },
      { id: 'refuse', type: 'fail', config: { message: 'The amount is {{ $json.amount }}' } },
    ],
    edges: ['check:false -> refuse'],
  };
}

/** One call of an address that comes with the input and lets the call wait. */
export function heldWorkflow(name: string): Definition {
  const config = { url: '{{ $trigger.url }}/{{ $execution.id }}', timeout: '10m' };
  return {
    name,
    triggers: [{ id: 'start', type: 'manual' }],
    nodes: [{ id: 'call', type: 'http', config, timeout: '10m' }],
  };
}

/** An agent with one tool that does nothing. */
export function agentWorkflow(name: string, model: string): Definition {
  const note = { name: 'note', description: 'Takes a note', type: 'tool', config: { tool: 'noop' } };
  const config = { model, prompt: '{{ $trigger.body.customer }}', tools: [note], limits: { steps: 100 } };
  return { name, triggers: webhook(name, 'result'), nodes: [{ id: 'agent', type: 'agent', config }] };
}

/** What the expressions of one node see. Made for each evaluation; looks names up only when they are asked for. */
import type { Env } from '../expression/env.ts';
import { byId } from './flow.ts';
import type { ExecutionState, NodeRef, Run, Scope } from './state.ts';
import { nodeState } from './state.ts';

export class NodeEnv implements Env {
  readonly $json: unknown;
  readonly $trigger: unknown;
  readonly $now: number;
  readonly $index: number | undefined;
  readonly #state: ExecutionState;
  readonly #scope: Scope;
  readonly #loop: Scope | null;

  constructor(state: ExecutionState, ref: NodeRef, now: number, index?: number) {
    this.#state = state;
    this.#scope = ref.scope;
    this.#loop = nearestLoop(ref.scope);
    this.$json = inputOf(state, ref);
    this.$trigger = state.trigger;
    this.$now = now;
    this.$index = index ?? this.#loop?.iteration;
  }

  get $item(): unknown {
    return this.#run?.iteration.items?.[this.#loop!.iteration];
  }

  get $results(): unknown {
    return this.#run?.results;
  }

  get #run(): Run | null {
    return this.#loop === null ? null : nodeState(this.#loop.container!).run;
  }

  get $execution(): unknown {
    const { id, createdAt, plan } = this.#state;
    return { id, createdAt: new Date(createdAt).toISOString(), callbackUrl: plan.callbackUrl(id) };
  }

  get $workflow(): unknown {
    const { workflowId, name, version } = this.#state.plan;
    return { id: workflowId, name, version };
  }

  get $vars(): unknown {
    return {};
  }

  /** The innermost scope that has a node of this id answers. */
  node(id: string): unknown {
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.container?.scope) {
      const index = scope.graph.index.get(id);
      if (index !== undefined) return scope.nodes[index]?.output;
    }
    return undefined;
  }
}

/** The environment of a container's condition: like inside its body, with the index of the iteration to come. */
export class ConditionEnv extends NodeEnv {
  readonly #results: unknown;

  constructor(state: ExecutionState, ref: NodeRef, now: number) {
    const run = nodeState(ref).run!;
    super(state, ref, now, run.next);
    this.#results = run.results;
  }

  override get $results(): unknown {
    return this.#results;
  }
}

/** `$json`: what the nodes before delivered; the trigger or the item at the start of a graph. */
export function inputOf(state: ExecutionState, ref: NodeRef): unknown {
  const { sources } = nodeState(ref);
  const [first] = sources;
  if (first === undefined) return inputOfScope(state, ref.scope);
  if (sources.length === 1) return ref.scope.nodes[first]!.output;
  return byId(ref.scope, sources);
}

function inputOfScope(state: ExecutionState, scope: Scope): unknown {
  if (scope.container === null) return state.trigger;
  const { items } = nodeState(scope.container).run!.iteration;
  return items === undefined ? inputOf(state, scope.container) : items[scope.iteration];
}

function nearestLoop(scope: Scope): Scope | null {
  for (let at: Scope | undefined = scope; at?.container; at = at.container.scope) {
    const { branches, single } = nodeState(at.container).run!.iteration;
    if (branches === undefined && !single) return at;
  }
  return null;
}

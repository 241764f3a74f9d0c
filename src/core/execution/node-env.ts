/** What the expressions of one node see. Made for each evaluation; looks names up only when they are asked for. */
import { type Effect, strongestOf } from '../effect.ts';
import type { Env } from '../expression/env.ts';
import { directorOf, type Known } from '../node-type.ts';
import type { Graph } from '../plan/plan.ts';
import { byId } from './outputs.ts';
import type { ExecutionState, NodeRef, Run, Scope } from './state.ts';
import { nodeState, pathOf } from './state.ts';

export class NodeEnv implements Env {
  readonly $json: unknown;
  readonly $trigger: unknown;
  readonly $now: number;
  readonly $index: number | undefined;
  readonly #state: ExecutionState;
  readonly #scope: Scope;
  readonly #loop: Scope | null;

  constructor(state: ExecutionState, ref: NodeRef, now: number, other: { index?: number; json?: unknown } = {}) {
    this.#state = state;
    this.#scope = ref.scope;
    this.#loop = nearestLoop(ref.scope);
    this.$json = 'json' in other ? other.json : inputOf(state, ref);
    this.$trigger = state.trigger;
    this.$now = now;
    this.$index = other.index ?? this.#loop?.iteration;
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
    return {
      id,
      createdAt: new Date(createdAt).toISOString(),
      // Signed, which costs more than all the rest, and hardly ever read.
      get callbackUrl() {
        return plan.callbackUrl(id);
      },
    };
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
    super(state, ref, now, { index: run.next });
    this.#results = run.results;
  }

  override get $results(): unknown {
    return this.#results;
  }
}

/** What a director decides from. */
export function knownOf(state: ExecutionState, ref: NodeRef, now: number): Known {
  const { iteration, turns, forgiven } = nodeState(ref).run!;
  return {
    config: ref.node.raw,
    memo: iteration.memo,
    executionId: state.id,
    path: pathOf(ref),
    turns,
    forgiven,
    now,
    get input() {
      return inputOf(state, ref);
    },
    effectOf: (body) => strongest(ref.node.bodies![body]!),
    env: (json) => new NodeEnv(state, ref, now, { json }),
  };
}

function strongest({ nodes }: Graph): Effect {
  return strongestOf(nodes.flatMap(({ effect, bodies }) => [effect, ...Object.values(bodies ?? {}).map(strongest)]));
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
  const {
    iteration: { items },
    turns,
  } = nodeState(scope.container).run!;
  const choice = turns[scope.iteration];
  if (choice !== undefined) return fed(state, scope.container, scope.iteration);
  return items === undefined ? inputOf(state, scope.container) : items[scope.iteration];
}

/** The choices of one round do not see each other. */
function fed(state: ExecutionState, container: NodeRef, index: number): unknown {
  const known = knownOf(state, container, 0);
  const choice = known.turns[index]!;
  const turns = known.turns.slice(0, index);
  return directorOf(container.node.type)!.feed({ ...known, turns, now: choice.startedAt }, choice);
}

function nearestLoop(scope: Scope): Scope | null {
  for (let at: Scope | undefined = scope; at?.container; at = at.container.scope) {
    const { branches, single } = nodeState(at.container).run!.iteration;
    if (branches === undefined && !single) return at;
  }
  return null;
}

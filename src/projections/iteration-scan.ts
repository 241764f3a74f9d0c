/**
 * How the iterations of one container stand: a word for each, not their nodes. So those of one status are found among
 * any number of them, and only these are then folded with what is inside.
 */
import { type ExecutionEvent, evolve, hasEnded, newState } from '../core/execution/index.ts';
import { type ExecutionState, find, type Scope } from '../core/execution/state.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ExecutionRow } from '../ports/store.ts';
import type { IterationView } from './execution-shape.ts';

type IterationStatus = IterationView['status'];

export class IterationScan {
  readonly #state: ExecutionState;
  readonly #container: string;
  /** By index. */
  readonly #statuses = new Map<number, IterationStatus>();

  constructor(row: ExecutionRow, plan: Plan, container: string) {
    this.#state = newState(row.id, row.projectId, plan);
    this.#container = container;
  }

  /** Events in order, from the first. Throws where the history does not fit the plan. */
  add(event: ExecutionEvent): void {
    // One that ends is forgotten by the state.
    const before = this.#scopeOf(event);
    evolve(this.#state, event);
    this.#state.due.length = 0;
    this.#state.ready.length = 0;
    if (event.type === 'container.opened' && event.data.path === this.#container) this.#statuses.clear();
    const scope = before ?? this.#scopeOf(event);
    if (scope !== undefined) this.#statuses.set(scope.iteration, statusOf(scope));
    if (event.type !== 'execution.retried') return;
    // Those that failed are at work again, unless somebody has to say first what became of them.
    for (const one of this.#state.scopes.values()) {
      if (isIterationOf(one.prefix, this.#container)) {
        this.#statuses.set(one.iteration, statusOf(one));
      }
    }
  }

  /** Their indexes, in order. */
  of(wanted: IterationStatus): number[] {
    const { status } = this.#state;
    const isCut = hasEnded(status) && status !== 'failed' && status !== 'completed';
    const found = [...this.#statuses].filter(([, one]) => (one === 'running' && isCut ? 'canceled' : one) === wanted);
    return found.map(([index]) => index).sort((a, b) => a - b);
  }

  /** The iteration of the container whose own node the event is about, or that it begins. */
  #scopeOf({ type, data }: ExecutionEvent): Scope | undefined {
    if (!('path' in data) || data.path === null || type.startsWith('execution.')) return undefined;
    if (type === 'iteration.started') {
      if (data.path !== this.#container) return undefined;
      const ref = find(this.#state, this.#container);
      const branch = ref?.scope.nodes[ref.node.index]?.run?.iteration.branches?.[data.index];
      return this.#state.scopes.get(`${this.#container}[${branch ?? data.index}]/`);
    }
    const prefix = data.path.slice(0, data.path.lastIndexOf('/') + 1);
    return isIterationOf(prefix, this.#container) ? this.#state.scopes.get(prefix) : undefined;
  }
}

/** `each[3]/` is one of `each`, and `each[3]/inner[1]/` is not. */
export function isIterationOf(prefix: string, container: string): boolean {
  return prefix.startsWith(`${container}[`) && !prefix.slice(0, -1).includes('/', container.length);
}

const statusOf = ({ failed, open }: Scope): IterationStatus =>
  failed !== null ? 'failed' : open > 0 ? 'running' : 'completed';

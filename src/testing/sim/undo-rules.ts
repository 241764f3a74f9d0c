/**
 * The rules of undoing: the last thing done is undone first, one at a time, and all of it. Told from the events alone,
 * by the order in which nodes completed.
 */
import type { ExecutionEvent, ExecutionState } from '../../core/execution/index.ts';
import type { Graph, PlanNode } from '../../core/plan/plan.ts';

/** A node that is done and names what undoes it. */
interface Done {
  readonly path: string;
  /** Address of what undoes it. */
  readonly by: string;
}

export class UndoRules {
  /** In the order of completion. */
  #done: Done[] = [];
  /** Sagas of which something is being undone. */
  readonly #touched = new Set<string>();
  /** Sagas whose inside was undone, and that have not begun anew. */
  readonly #unwound = new Set<string>();
  /** Could not be undone. */
  #left: Done[] = [];
  /** Sagas whose inside is being undone. */
  readonly #sagas = new Set<string>();
  /** What undoes at the moment, and the addresses it undoes. */
  readonly #undoing = new Map<string, Done>();
  /** Something is, or was: then only a person knows what is to be undone. */
  #inDoubt = false;

  /** What is wrong with the event that comes next; `state` is that before it. */
  check(event: ExecutionEvent, state: ExecutionState): string | undefined {
    switch (event.type) {
      case 'node.skipped':
        // A person says what the saga gave, whatever became of its inside.
        this.#unwound.delete(event.data.path);
        return this.#completed(event.data.path, state);
      case 'node.completed':
        return this.#completed(event.data.path, state);
      case 'node.failed':
        return this.#failed(event.data);
      case 'container.opened':
        this.#unwound.delete(event.data.path);
        return undefined;
      case 'saga.compensating':
        this.#sagas.add(event.data.path);
        return undefined;
      case 'node.compensating':
        return this.#begins(event.data.path, event.data.of, state);
      case 'execution.compensating':
      case 'execution.compensation_failed':
        return this.#interrupt();
      case 'execution.retried':
        return this.#retried(event.data.from, state);
      case 'execution.failed':
        return this.#done.length > 0 && !this.#inDoubt ? `it fails, and ${this.#names()} is not undone` : undefined;
      case 'execution.compensated':
        return this.#done.length + this.#left.length > 0 ? `it is undone, but not ${this.#names()}` : undefined;
      default:
        return undefined;
    }
  }

  #completed(path: string, state: ExecutionState): string | undefined {
    this.#left = this.#left.filter((one) => one.by !== path);
    // A person may skip the undoing, also where it is not under way.
    const undone = this.#undoing.get(path) ?? this.#done.find((one) => one.by === path);
    if (undone !== undefined) {
      this.#undoing.delete(path);
      this.#done = this.#done.filter((one) => one !== undone);
      return undefined;
    }
    if (this.#unwound.has(path)) return `the saga ${path} completes, and what was done inside of it is undone`;
    const compensation = compensationOf(path, state);
    if (compensation === undefined || this.#isUndoing(path)) return undefined;
    // What undoes a container undoes what is inside of it.
    this.#done = this.#done.filter((one) => !one.path.startsWith(`${path}[`));
    this.#done.push({ path, by: compensation });
    return undefined;
  }

  #failed({ path, error, port }: EventData<'node.failed'>): string | undefined {
    if (error.code === 'in_doubt' && port === null) this.#inDoubt = true;
    const undone = this.#undoing.get(path);
    if (undone !== undefined) {
      this.#undoing.delete(path);
      this.#done = this.#done.filter((one) => one !== undone);
      if (port === null) this.#left.push(undone);
    }
    // Of a saga in doubt nothing is undone until a person has said what happened.
    if (!this.#sagas.delete(path) || error.code === 'in_doubt') return undefined;
    if (this.#touched.delete(path)) this.#unwound.add(path);
    const inside = this.#done.find((one) => one.path.startsWith(`${path}[`));
    return inside === undefined ? undefined : `the saga ${path} leaves, and ${inside.path} is not undone`;
  }

  #begins(path: string, of: string, { status }: ExecutionState): string | undefined {
    const scopes = status === 'compensating' ? [''] : [...this.#sagas].map((saga) => `${saga}[`);
    const scope = scopes.find((prefix) => this.#done.findLast((one) => one.path.startsWith(prefix))?.path === of);
    const done = this.#done.find((one) => one.path === of);
    if (scope === undefined || done === undefined) {
      return `${path} undoes ${of}; done were, in this order: ${this.#done.map((one) => one.path).join(', ')}`;
    }
    if (done.by !== path) return `${path} undoes ${of}, which names ${done.by}`;
    for (const { path: other } of this.#undoing.values()) {
      if (other.startsWith(scope)) return `${path} undoes ${of} while ${other} is still being undone`;
    }
    this.#undoing.set(path, done);
    this.#touched.add(scope.slice(0, -1));
    return undefined;
  }

  /** It goes on undoing, with what failed as well; or it runs again, from a node that is forgotten. */
  #retried(from: string | undefined, state: ExecutionState): undefined {
    if (state.status === 'compensation_failed') {
      this.#interrupt();
      this.#done.push(...this.#left.splice(0).reverse());
    } else if (from !== undefined) {
      const again = rewound(from, state);
      this.#done = this.#done.filter((one) => !again(one.path));
      this.#left = this.#left.filter((one) => !again(one.path));
      for (const saga of this.#sagas) if (again(saga)) this.#sagas.delete(saga);
    }
  }

  /** What undoes is called off, and may begin anew. */
  #interrupt(): undefined {
    this.#sagas.clear();
    this.#undoing.clear();
  }

  #isUndoing(path: string): boolean {
    return [...this.#undoing.keys()].some((container) => path.startsWith(`${container}[`));
  }

  #names(): string {
    return [...this.#done, ...this.#left].map((one) => one.path).join(', ');
  }
}

type EventData<T extends ExecutionEvent['type']> = Extract<ExecutionEvent, { type: T }>['data'];

interface Place {
  readonly prefix: string;
  readonly graph: Graph;
  readonly node: PlanNode;
}

/** Where an address leads, as far as its scope is there. */
function placeOf(path: string, state: ExecutionState): Place | undefined {
  const slash = path.lastIndexOf('/') + 1;
  const prefix = path.slice(0, slash);
  const graph = state.scopes.get(prefix)?.graph;
  const node = graph?.nodes[graph.index.get(path.slice(slash)) ?? -1];
  return graph === undefined || node === undefined ? undefined : { prefix, graph, node };
}

function compensationOf(path: string, state: ExecutionState): string | undefined {
  const place = placeOf(path, state);
  const by = place?.graph.nodes[place.node.compensation ?? -1];
  return place === undefined || by === undefined ? undefined : place.prefix + by.id;
}

/** True for the addresses that run again from this one: it, what follows it in its graph, and what is inside of them. */
export function rewound(from: string, state: ExecutionState): (path: string) => boolean {
  const place = placeOf(from, state);
  if (place === undefined) return () => false;
  const found = new Set([place.node.index]);
  for (const index of found) for (const { to } of place.graph.nodes[index]?.out ?? []) found.add(to);
  const paths = [...found].map((index) => place.prefix + place.graph.nodes[index]?.id);
  return (path) => paths.some((one) => path === one || path.startsWith(`${one}[`));
}

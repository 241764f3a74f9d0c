/**
 * The rules of one history, held against every event as it becomes durable. They are told here a second time, in
 * other words than those of the core, so that a slip there shows.
 */
import type { ExecutionEvent, ExecutionState } from '../../core/execution/index.ts';
import type { Graph } from '../../core/plan/plan.ts';
import { rewound } from './undo-rules.ts';

type Started = Extract<ExecutionEvent, { type: 'node.started' }>['data'];
type Doing = 'at work' | 'waiting' | 'retrying' | 'finished' | 'failed' | 'failed, handled';

/** What has begun and not ended. */
const ACTIVE: readonly (Doing | undefined)[] = ['at work', 'waiting', 'retrying'];
const FINAL = new Set(['execution.completed', 'execution.canceled', 'execution.compensated']);
const OVER: readonly (Doing | undefined)[] = ['finished', 'failed, handled'];

export class HistoryRules {
  readonly #nodes = new Map<string, Doing>();
  readonly #attempts = new Map<string, number>();
  #ended: string | undefined;

  /** What is wrong with the event that comes next; `state` is that before it. */
  check(event: ExecutionEvent, state: ExecutionState): string | undefined {
    if (this.#ended !== undefined) return `${event.type} comes after ${this.#ended}`;
    if ((state.seq === 0) !== (event.type === 'execution.created')) return `${event.type} is event ${state.seq + 1}`;
    if (FINAL.has(event.type)) this.#ended = event.type;
    switch (event.type) {
      case 'execution.retried':
        return this.#reopen(event.data.from, state);
      case 'execution.compensating':
      case 'execution.compensation_failed':
        return this.#callOff('');
      case 'saga.compensating':
        return this.#callOff(`${event.data.path}[`, ['waiting', 'retrying']);
      case 'node.compensating':
        return this.#forget((path) => path === event.data.path);
      case 'node.skipped':
        this.#callOff(`${event.data.path}[`);
        return this.#ends(event.data.path, state, 'finished');
      case 'node.started':
        return this.#started(event.data, state);
      case 'node.waiting':
        // One that asks somebody may ask again, in other words, or somebody else.
        if ('waitId' in event.data.for && this.#nodes.get(event.data.path) === 'waiting') return undefined;
        return this.#begins(event.data.path, state, 'waiting');
      case 'container.opened':
        this.#beginsAnew(event.data.path);
        return this.#begins(event.data.path, state, 'at work');
      case 'node.retrying':
        return this.#goesOn(event.data.path, 'retrying');
      case 'node.completed':
        return this.#ends(event.data.path, state, 'finished');
      case 'node.failed':
        return this.#ends(event.data.path, state, event.data.port === null ? 'failed' : 'failed, handled');
      default:
        return undefined;
    }
  }

  /** What failed may begin again; what has finished may not, unless a person lets it run again from there. */
  #reopen(from: string | undefined, state: ExecutionState): undefined {
    const again = from === undefined ? () => false : rewound(from, state);
    this.#forget((path, doing) => doing === 'failed' || again(path));
  }

  /** What is inside of a container counts anew each time that it is opened. */
  #beginsAnew(container: string): void {
    this.#forget((path) => path.startsWith(`${container}[`));
    for (const path of this.#attempts.keys()) if (path.startsWith(`${container}[`)) this.#attempts.delete(path);
  }

  /** What is under way at addresses that begin so is over. */
  #callOff(prefix: string, doings = ACTIVE): undefined {
    this.#forget((path, doing) => path.startsWith(prefix) && doings.includes(doing));
  }

  #forget(which: (path: string, doing: Doing) => boolean): undefined {
    for (const [path, doing] of this.#nodes) if (which(path, doing)) this.#nodes.delete(path);
  }

  #started({ path, attempt, reconcile }: Started, state: ExecutionState): string | undefined {
    const before = this.#attempts.get(path) ?? 0;
    this.#attempts.set(path, attempt);
    if (attempt !== before + 1) return `attempt ${attempt} of ${path} comes after attempt ${before}`;
    // A crash cut the attempt before off, and it is asked first what became of it.
    if (reconcile === true && this.#nodes.get(path) === 'at work') return undefined;
    return this.#begins(path, state, 'at work');
  }

  #begins(path: string, state: ExecutionState, as: Doing): string | undefined {
    const doing = this.#nodes.get(path);
    this.#nodes.set(path, as);
    if (doing !== undefined && doing !== 'retrying') return `${path} begins, although it is ${doing}`;
    return this.#follows(path, state);
  }

  #goesOn(path: string, as: Doing): string | undefined {
    const doing = this.#nodes.get(path);
    this.#nodes.set(path, as);
    return ACTIVE.includes(doing) ? undefined : `${path} is ${as}, although it was ${doing ?? 'idle'}`;
  }

  #ends(path: string, state: ExecutionState, as: Doing): string | undefined {
    const doing = this.#nodes.get(path);
    this.#nodes.set(path, as);
    if (OVER.includes(doing)) return `${path} ends as ${as}, although it is ${doing}`;
    return ACTIVE.includes(doing) ? undefined : this.#follows(path, state);
  }

  /** Something before it has ended, and where it joins all, nothing before it is still under way. */
  #follows(path: string, state: ExecutionState): string | undefined {
    const slash = path.lastIndexOf('/') + 1;
    const prefix = path.slice(0, slash);
    const graph = state.scopes.get(prefix)?.graph;
    const index = graph?.index.get(path.slice(slash));
    if (graph === undefined || index === undefined) return `${path} is no node that could begin now`;
    const sources = sourcesOf(graph, index);
    if (sources.length === 0) return undefined;
    const doings = sources.map((source) => this.#nodes.get(prefix + source));
    if (!doings.some((doing) => OVER.includes(doing))) return `${path} begins, and nothing before it has ended`;
    if (graph.nodes[index]?.join !== 'all') return undefined;
    const early = sources.find((_, at) => ACTIVE.includes(doings[at]));
    return early === undefined ? undefined : `${path} begins while ${prefix}${early}, which it follows, is not over`;
  }
}

const SOURCES = new WeakMap<Graph, readonly (readonly string[])[]>();

/** Ids of the nodes with an edge to this one. */
function sourcesOf(graph: Graph, index: number): readonly string[] {
  const known = SOURCES.get(graph) ?? graph.nodes.map(({ index: to }) => namesOf(graph, to));
  SOURCES.set(graph, known);
  return known[index] ?? [];
}

function namesOf(graph: Graph, to: number): string[] {
  return graph.nodes.filter(({ out }) => out.some((edge) => edge.to === to)).map(({ id }) => id);
}

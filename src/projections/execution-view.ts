/**
 * One execution as a person looks at it: events and plan in, nodes with their iterations out. The events are folded
 * page by page, so a huge history is never in memory whole; and iterations are kept up to a limit.
 *
 * The events alone say what happened; the plan adds what did not: nodes that are pending or were skipped. Where it is
 * gone (a deleted workflow), or the history does not fit it, the view is made of the events alone.
 */
import { type ErrorInfo, MyelinError } from '../core/errors.ts';
import {
  type ExecutionEvent,
  type ExecutionState,
  evolve,
  hasEnded,
  newState,
  type Status,
} from '../core/execution/index.ts';
import { inputOf } from '../core/execution/node-env.ts';
import { find, type NodeState, nodeState, type Scope } from '../core/execution/state.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ExecutionRow } from '../ports/store.ts';
import {
  type ExecutionView,
  type IterationView,
  iso,
  isoOr,
  type NodeView,
  summaryView,
  type WaitView,
} from './execution-shape.ts';
import { learn, type NodeFacts, newFacts, withoutData } from './node-facts.ts';
import { NodeUsage } from './node-usage.ts';
import { bytesOf } from './omit-large.ts';
import { PastRow } from './past-row.ts';

export interface ViewOptions {
  /** Show `$json` of each node; default false. */
  readonly input?: boolean;
  /** Leave out what flows, and say how large it is. */
  readonly omitsValues?: boolean;
  /** The row is newer than the events: how the execution stands is told by these. */
  readonly isPast?: boolean;
  /** Nodes shown at most; default 5,000. Those outside of containers come first. */
  readonly maxNodes?: number;
  /** Iterations that are kept, by prefix such as `each[3]/`; default the first ones, as many as there is room for. */
  readonly keeps?: (prefix: string, index: number) => boolean;
}

const MAX_NODES = 5_000;

/** The view of a history that is in memory whole. */
export function executionView(
  row: ExecutionRow,
  plan: Plan | undefined,
  events: readonly ExecutionEvent[],
  options: ViewOptions = {},
): ExecutionView {
  const fold = new ExecutionFold(row, plan, options);
  for (const event of events) fold.add(event);
  return fold.view();
}

export class ExecutionFold {
  readonly #given: ExecutionRow;
  readonly #past: PastRow | undefined;
  readonly #options: ViewOptions;
  /** Undefined without a plan. */
  #state: ExecutionState | undefined;
  readonly #facts = new Map<string, NodeFacts>();
  readonly #inputs = new Map<string, unknown>();
  readonly #usage = new NodeUsage();
  /** Iterations by their container's path, in the order they began; the engine's state forgets those that ended. */
  readonly #iterations = new Map<string, Map<string, Scope>>();
  /** Nodes of iterations that may still be kept. */
  #room: number;
  #truncated = false;
  #trigger: unknown = null;
  #output: unknown = null;
  #paused = false;
  /** Why it was canceled; the row keeps what failed, and canceled is not failed. */
  #canceled: ErrorInfo | null = null;

  constructor(row: ExecutionRow, plan: Plan | undefined, options: ViewOptions = {}) {
    this.#given = row;
    this.#past = options.isPast ? new PastRow(row) : undefined;
    this.#options = options;
    this.#state = plan === undefined ? undefined : newState(row.id, row.projectId, plan);
    this.#room = (options.maxNodes ?? MAX_NODES) - (plan?.root.nodes.length ?? 0);
  }

  /** How the execution stands. */
  get #row(): ExecutionRow {
    return this.#past?.row(this.#state?.status) ?? this.#given;
  }

  /** Events in order, from the first. */
  add(event: ExecutionEvent): void {
    this.#past?.add(event);
    if (event.type === 'execution.created') this.#trigger = event.data.trigger;
    if (event.type === 'execution.gathered') this.#trigger = { batch: event.data.triggers };
    if (event.type === 'execution.completed') this.#output = event.data.output;
    if (event.type === 'execution.canceled') this.#canceled = new MyelinError('canceled', event.data.reason).toInfo();
    if (event.type === 'execution.paused') this.#paused = true;
    if (event.type === 'execution.resumed') this.#paused = false;
    this.#usage.add(event);
    const path = pathOfEvent(event);
    if (path !== null) this.#keepInput(path);
    this.#evolve(event);
    if (event.type === 'iteration.started') this.#keepIteration(event.data.path, event.data.index);
    if (path === null) return;
    const facts = this.#factsOf(path);
    if (facts !== undefined) learn(facts, event);
  }

  view(): ExecutionView {
    const nodes = this.#state === undefined ? this.#nodesOfFacts() : this.#nodesOf(this.#state.root);
    const maxNodes = this.#options.maxNodes ?? MAX_NODES;
    return {
      ...summaryView(this.#row),
      error: this.#canceled ?? this.#row.error,
      ...(this.#options.omitsValues === true
        ? { triggerBytes: bytesOf(this.#trigger), outputBytes: bytesOf(this.#output) }
        : { trigger: this.#trigger, output: this.#output }),
      waitingFor: this.#waits(),
      nodes: nodes.slice(0, maxNodes),
      truncated: this.#truncated || nodes.length > maxNodes,
    };
  }

  /** Undefined where nothing is known of such a node. */
  node(path: string): NodeView | undefined {
    const prefix = path.slice(0, path.lastIndexOf('/') + 1);
    const id = path.slice(prefix.length);
    const scope = prefix === '' ? this.#state?.root : this.#iterations.get(containerOf(prefix))?.get(prefix);
    const node = scope?.graph.nodes[scope.graph.index.get(id) ?? -1];
    if (node !== undefined) return this.#nodeView(path, id, node.type.type, scope?.nodes[node.index]);
    return this.#facts.has(path) ? this.#nodeView(path, id, 'unknown', undefined) : undefined;
  }

  /** Where the node stands now in the eyes of the engine. */
  stateOf(path: string): NodeState['status'] | undefined {
    const ref = this.#state === undefined ? undefined : find(this.#state, path);
    return ref === undefined ? undefined : nodeState(ref).status;
  }

  /** Those kept of a container; what is nested in them is told by the progress of the containers there. */
  iterations(container: string): IterationView[] {
    return [...(this.#iterations.get(container)?.values() ?? [])].map((scope) => {
      const isCut = scope.open > 0 && hasBeenCalledOff(this.#row.status);
      const status = scope.failed !== null ? 'failed' : isCut ? 'canceled' : scope.open > 0 ? 'running' : 'completed';
      const nodes = this.#nodesOf(scope);
      return { index: scope.iteration, path: scope.prefix.slice(0, -1), status, error: scope.failed, nodes };
    });
  }

  #evolve(event: ExecutionEvent): void {
    if (this.#state === undefined) return;
    try {
      evolve(this.#state, event);
      this.#state.due.length = 0;
      this.#state.ready.length = 0;
    } catch {
      // A history that does not fit its plan is shown by what it says itself.
      this.#state = undefined;
    }
  }

  #factsOf(path: string): NodeFacts | undefined {
    const known = this.#facts.get(path);
    if (known !== undefined) return known;
    if (path.includes('/') && !this.#isKept(path)) return undefined;
    const facts = newFacts();
    this.#facts.set(path, facts);
    return facts;
  }

  /** A node inside a container is kept with its iteration; without a plan each counts by itself. */
  #isKept(path: string): boolean {
    if (this.#state !== undefined) {
      const prefix = path.slice(0, path.lastIndexOf('/') + 1);
      return this.#iterations.get(containerOf(prefix))?.has(prefix) ?? false;
    }
    const { keeps } = this.#options;
    return keeps === undefined ? this.#takeRoom(1) : keeps(path.slice(0, path.lastIndexOf('/') + 1), 0);
  }

  #keepIteration(container: string, index: number): void {
    const ref = this.#state === undefined ? undefined : find(this.#state, container);
    const branch = ref?.scope.nodes[ref.node.index]?.run?.iteration.branches?.[index];
    const scope = this.#state?.scopes.get(`${container}[${branch ?? index}]/`);
    if (scope === undefined) return;
    const all = this.#iterations.get(container) ?? new Map<string, Scope>();
    const { keeps } = this.#options;
    if (all.has(scope.prefix)) this.#forget(scope.prefix);
    else if (keeps === undefined ? !this.#takeRoom(scope.nodes.length) : !keeps(scope.prefix, index)) return;
    all.set(scope.prefix, scope);
    this.#iterations.set(container, all);
  }

  /** After the first that does not fit none is kept: what is nested in one that is left out must not come alone. */
  #takeRoom(nodes: number): boolean {
    this.#truncated ||= this.#room < nodes;
    if (!this.#truncated) this.#room -= nodes;
    return !this.#truncated;
  }

  /** A container that is gone through again after a retry begins its iterations anew. */
  #forget(prefix: string): void {
    for (const path of this.#facts.keys()) if (path.startsWith(prefix)) this.#facts.delete(path);
    for (const container of this.#iterations.keys()) {
      if (!container.startsWith(prefix)) continue;
      for (const scope of this.#iterations.get(container)?.values() ?? []) this.#room += scope.nodes.length;
      this.#iterations.delete(container);
    }
  }

  #keepInput(path: string): void {
    if (this.#options.input !== true || this.#state === undefined || this.#facts.get(path)?.startedAt) return;
    if (path.includes('/') && !this.#isKept(path)) return;
    const ref = find(this.#state, path);
    if (ref !== undefined) this.#inputs.set(path, inputOf(this.#state, ref) ?? null);
  }

  #nodesOf(scope: Scope): NodeView[] {
    return scope.graph.nodes.flatMap((node) => {
      const path = scope.prefix + node.id;
      const at = scope.nodes[node.index] as NodeState;
      // What would have undone a node, and was not needed.
      if (node.compensates !== null && at.status === 'idle') return [];
      const own = this.#nodeView(path, node.id, node.type.type, at);
      const inside = [...(this.#iterations.get(path)?.values() ?? [])];
      return [own, ...inside.flatMap((one) => this.#nodesOf(one))];
    });
  }

  #nodesOfFacts(): NodeView[] {
    return [...this.#facts.keys()].map((path) =>
      this.#nodeView(path, path.slice(path.lastIndexOf('/') + 1), 'unknown', undefined),
    );
  }

  #nodeView(path: string, id: string, type: string, at: NodeState | undefined): NodeView {
    const facts = this.#facts.get(path) ?? newFacts();
    const status = at === undefined ? facts.status : statusOf(at);
    const isCut = hasBeenCalledOff(this.#row.status) && (status === 'running' || status === 'waiting');
    const usage = this.#usage.of(path);
    return {
      path,
      id,
      type,
      status: isCut ? 'canceled' : status,
      attempt: facts.attempt,
      port: facts.port,
      ...(this.#inputs.has(path) && this.#inputOf(path)),
      ...(this.#options.omitsValues === true ? { outputBytes: bytesOf(facts.output) } : { output: facts.output }),
      error: facts.error,
      startedAt: isoOr(facts.startedAt),
      finishedAt: status === 'pending' ? null : isoOr(facts.finishedAt),
      ...(facts.isContainer && { progress: { done: doneOf(facts, at), total: facts.total } }),
      ...(usage && { usage }),
    };
  }

  #inputOf(path: string): Pick<NodeView, 'input' | 'inputBytes'> {
    const input = this.#inputs.get(path);
    return this.#options.omitsValues === true ? { inputBytes: bytesOf(input) } : { input };
  }

  #waits(): WaitView[] {
    if (hasEnded(this.#row.status)) return [];
    const waits: WaitView[] = this.#paused ? [{ reason: 'paused' }] : [];
    for (const [path, { wait }] of this.#facts) {
      if (wait === null || !this.#isWaiting(path)) continue;
      const { until, details, ...rest } = wait;
      waits.push({
        ...{ path, ...rest },
        ...(until !== undefined && { until: iso(until) }),
        ...(details !== undefined && {
          details: this.#options.omitsValues === true ? withoutData(details) : details,
        }),
      });
    }
    return waits;
  }

  /** What was called off leaves no event of its own. */
  #isWaiting(path: string): boolean {
    if (this.#state === undefined) return true;
    const ref = find(this.#state, path);
    return ref === undefined || nodeState(ref).waits.length > 0;
  }
}

function pathOfEvent(event: ExecutionEvent): string | null {
  return 'path' in event.data && !event.type.startsWith('execution.') ? event.data.path : null;
}

/** Ways to end that leave nothing at work or waiting. */
function hasBeenCalledOff(status: Status): boolean {
  return hasEnded(status) && status !== 'failed' && status !== 'completed';
}

function statusOf({ status }: NodeState): NodeView['status'] {
  return status === 'idle' || status === 'ready' ? 'pending' : status;
}

/** Iterations that have ended; while some are at work the engine's state knows how many. */
function doneOf(facts: NodeFacts, at: NodeState | undefined): number {
  return Math.max(0, facts.begun - (at?.run?.active ?? 0));
}

/** `each[3]/` is an iteration of `each`. */
function containerOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('['));
}

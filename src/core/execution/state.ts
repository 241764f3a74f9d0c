/**
 * The state of one execution, folded from its events. `evolve` changes it in place: a fold over a history of
 * 100,000 events must not copy. Nobody else writes to it.
 */
import type { ErrorInfo } from '../errors.ts';
import type { AwaitKind, Iteration, Turn } from '../node-type.ts';
import type { Graph, Plan, PlanNode } from '../plan/plan.ts';
import type { Demand } from './demand.ts';
import type { InheritedAccount } from './reservation.ts';
import type { Status } from './status.ts';

type NodeStatus = 'idle' | 'ready' | 'running' | 'waiting' | 'completed' | 'failed' | 'skipped';

export interface ExecutionState {
  readonly id: string;
  readonly projectId: string;
  readonly plan: Plan;
  status: Status;
  /** Number of events so far; the next has `seq + 1`. */
  seq: number;
  /** Of the last event, in milliseconds since the epoch. */
  at: number;
  /** Id of the trigger in the definition, or what stands for one. */
  triggerId: string;
  trigger: unknown;
  parent: Parent | null;
  cause: Cause | null;
  /** Null: it is none. */
  test: Test | null;
  /** Executions above this one that started one another. */
  depth: number;
  /** Budgets of the executions and agents above, which what is paid here counts against. */
  accounts: readonly InheritedAccount[];
  createdAt: number;
  /** Lanes of flow control whose slots it holds until it ends. */
  holds: readonly string[];
  readonly root: Scope;
  /** By prefix: '' for the root, 'each[3]/' for an iteration. */
  readonly scopes: Map<string, Scope>;
  /** Nodes whose turn it is. */
  ready: NodeRef[];
  /** Tasks at work, by path. */
  readonly tasks: Map<string, NodeRef>;
  /** What the execution waits for, by the id of the timer or child that ends it. */
  readonly waits: Map<string, Wait>;
  /** Effects asked for since `next` was last called. */
  due: Demand[];
  /** Set when a failure nobody handles came; the execution fails when the tasks at work have ended. */
  failure: Failure | null;
  /** A person holds it: nothing starts until it is resumed. */
  paused: boolean;
  /** Completed nodes that name what undoes them and are not undone, in the order they completed. */
  undo: NodeRef[];
  /** Those whose compensation failed. */
  notUndone: NodeRef[];
  /** Sagas whose inside has failed and is being undone. */
  unwinding: NodeRef[];
  /** Callbacks that came before a node waited for them. */
  callbacks: Callback[];
  /** By session: what its user has said here, and no agent has answered yet. */
  readonly unanswered: Map<string, Set<string>>;
  /** Timer of the time limit. */
  deadline: string | null;
  output: unknown;
}

/** One pass over a graph: the whole workflow, or one iteration of a container. */
export interface Scope {
  readonly prefix: string;
  readonly graph: Graph;
  readonly container: NodeRef | null;
  readonly iteration: number;
  readonly nodes: NodeState[];
  /** Nodes neither completed nor skipped nor failed. */
  open: number;
  /** Nodes that ended the scope: completed, with no live edge onward. */
  readonly ends: number[];
  failed: ErrorInfo | null;
}

export interface NodeState {
  status: NodeStatus;
  /** Incoming edges settled, live or dead. */
  settled: number;
  /** Indexes of the nodes that delivered. */
  sources: number[];
  attempt: number;
  /** From 1; a person who lets a finished node run again begins another. What is inside begins in that of its container. */
  round: number;
  /** Attempts before a person asked for another round, and those that did not count; the policy counts from there. */
  attemptsBefore: number;
  /** Attempts since then that ended with their process. */
  crashes: number;
  /** What one of them sent was not answered. */
  lost: boolean;
  /** What became of an attempt that a crash cut off is not known yet: the next one asks first. */
  doubtful: boolean;
  startedAt: number;
  /** When the first attempt since then began, 0 before: its `deadline` counts from there. */
  roundAt: number;
  output: unknown;
  /** Left by; null: it has not ended, or by none. */
  port: string | null;
  /** Failed, and its `onError` leaves by no port. */
  unhandled: boolean;
  /** An attempt that is paid is under way. */
  charged: boolean;
  /** Keys of its entries in `waits`. */
  waits: readonly string[];
  /** Of a container. */
  run: Run | null;
}

/** How far a container has come. */
export interface Run {
  readonly iteration: Iteration;
  /** By iteration; a hole where one was skipped. */
  readonly results: unknown[];
  /** Next iteration to start. */
  next: number;
  active: number;
  /** An iteration failed and `onItemError` is `fail`. */
  error: ErrorInfo | null;
  /** Of a directed container, by iteration. */
  readonly turns: Turn[];
  /** Turns that had failed when a person let it go on. */
  forgiven: number;
}

export interface NodeRef {
  readonly scope: Scope;
  readonly node: PlanNode;
}

/** One thing that a node waits for; it may wait for an answer and for timers at the same time. */
export interface Wait extends NodeRef {
  readonly reason: 'timer' | 'retry' | 'child' | AwaitKind;
  /** Milliseconds since the epoch, of a timer. */
  readonly until: number | null;
  /** What the node type recorded when it began to wait for an answer. */
  readonly details?: unknown;
  /** Of a timer beside a question. */
  readonly timer?: { readonly name: string; readonly waitId: string };
}

export interface Callback {
  /** Id of the node it is for; absent: the first that waits. */
  readonly node?: string;
  readonly answer: unknown;
}

export interface Parent {
  readonly executionId: string;
  readonly path: string;
}

/** The execution whose end started this one: by a failure that this one handles, or by a completion trigger. */
export interface Cause {
  readonly executionId: string;
  readonly kind: 'failure' | 'end';
}

/** It tries a document out, or what a message would start. */
export interface Test {
  /** Outputs of nodes that do not run, by place, such as `each/fetch`. */
  readonly pins: Readonly<Record<string, unknown>>;
  /** What acts on the world does not run either. */
  readonly suppressed?: true;
}

interface Failure {
  readonly error: ErrorInfo;
  readonly path: string | null;
}

export function newState(id: string, projectId: string, plan: Plan): ExecutionState {
  const root = newScope('', plan.root, null, 0);
  return {
    id,
    projectId,
    plan,
    status: 'pending',
    seq: 0,
    at: 0,
    triggerId: '',
    trigger: null,
    parent: null,
    cause: null,
    test: null,
    depth: 0,
    accounts: [],
    createdAt: 0,
    holds: [],
    root,
    scopes: new Map([['', root]]),
    ready: [],
    tasks: new Map(),
    waits: new Map(),
    due: [],
    failure: null,
    paused: false,
    undo: [],
    notUndone: [],
    unwinding: [],
    callbacks: [],
    unanswered: new Map(),
    deadline: null,
    output: undefined,
  };
}

export function newScope(prefix: string, graph: Graph, container: NodeRef | null, iteration: number): Scope {
  const round = container === null ? 1 : nodeState(container).round;
  return {
    prefix,
    graph,
    container,
    iteration,
    nodes: graph.nodes.map(() => newNode(round)),
    open: graph.steps,
    ends: [],
    failed: null,
  };
}

export const NO_WAITS: readonly string[] = [];

/** As a node is before its turn. */
export function newNode(round: number): NodeState {
  return {
    status: 'idle',
    settled: 0,
    sources: [],
    attempt: 0,
    round,
    attemptsBefore: 0,
    crashes: 0,
    lost: false,
    doubtful: false,
    startedAt: 0,
    roundAt: 0,
    output: undefined,
    port: null,
    unhandled: false,
    charged: false,
    waits: NO_WAITS,
    run: null,
  };
}

export const pathOf = (ref: NodeRef): string => ref.scope.prefix + ref.node.id;

export const nodeState = (ref: NodeRef): NodeState => ref.scope.nodes[ref.node.index] as NodeState;

/** Nobody knows if its effect happened; only a person can find out. A container is not, but something inside of it. */
export function isInDoubt({ unhandled, run, output }: NodeState): boolean {
  return unhandled && run === null && (output as { error: ErrorInfo }).error.code === 'in_doubt';
}

/** When its attempts must be over, in milliseconds since the epoch; null: no such limit. */
export function deadlineOf(ref: NodeRef): number | null {
  const { deadlineMs } = ref.node;
  return deadlineMs === null ? null : nodeState(ref).roundAt + deadlineMs;
}

/** The node at an address such as `each[3]/fetch`, or undefined where no such scope or node is. */
export function find(state: ExecutionState, path: string): NodeRef | undefined {
  const slash = path.lastIndexOf('/') + 1;
  const scope = state.scopes.get(slash === 0 ? '' : path.slice(0, slash));
  const index = scope?.graph.index.get(slash === 0 ? path : path.slice(slash));
  return scope === undefined || index === undefined ? undefined : { scope, node: scope.graph.nodes[index] as PlanNode };
}

/**
 * True where the node's scope, or one around it, has failed: nothing new starts in it. What undoes a node is not given
 * up with it, nor is what runs inside of a compensation.
 */
export function isGivenUp(state: ExecutionState, ref: NodeRef): boolean {
  if (ref.node.compensates !== null) return false;
  for (let at = ref.scope; ; at = at.container.scope) {
    if (at.failed !== null) return true;
    if (at.container === null) return state.failure !== null;
    const container = nodeState(at.container);
    if (container.status !== 'running' || container.run?.error) return true;
    if (at.container.node.compensates !== null) return false;
  }
}

/** The queue of nodes whose turn it is, found again from their states: after a replay, and after a retry. */
export function queueReady(state: ExecutionState): void {
  state.ready = [];
  for (const scope of state.scopes.values()) {
    for (const node of scope.graph.nodes) {
      const at = scope.nodes[node.index];
      if (at?.status === 'ready' || (at?.status === 'running' && at.run !== null)) state.ready.push({ scope, node });
    }
  }
}

/** The first callback that came for the node before it waited. */
export function earlyCallback(state: ExecutionState, nodeId: string): Callback | undefined {
  return state.callbacks.find((one) => one.node === undefined || one.node === nodeId);
}

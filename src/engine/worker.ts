/**
 * Owns executions and advances them. It holds those that have something to do; one that waits leaves memory and is
 * claimed again, by whoever has room, when a signal comes.
 */
import { toErrorInfo } from '../core/errors.ts';
import type { Command, DecisionEnv, Demand, ExecutionEvent, ExecutionState } from '../core/execution/index.ts';
import { hasEnded } from '../core/execution/index.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Commit, CommitResult, NewExecution, NewSignal, Signal, Store } from '../ports/store.ts';
import type { Changed } from './changes.ts';
import { childCommit } from './child.ts';
import { Claims, type Taker } from './claims.ts';
import { outcomeOf } from './commit-of.ts';
import type { Committer } from './committer.ts';
import { failpoint } from './failpoint.ts';
import type { FollowUps } from './follow-ups.ts';
import type { Lease } from './lease.ts';
import type { DecisionLinks, Links } from './links.ts';
import { Loop } from './loop.ts';
import type { Outcomes } from './outcomes.ts';
import type { Plans } from './plans.ts';
import { type Leaving, type Owner, Resident } from './resident.ts';
import type { Stats } from './stats.ts';
import type { Tasks } from './tasks.ts';

export interface WorkerOptions {
  readonly store: Store;
  readonly runtime: Runtime;
  readonly committer: Committer;
  readonly plans: Plans;
  readonly tasks: Tasks;
  readonly outcomes: Outcomes;
  readonly stats: Stats;
  readonly followUps: FollowUps;
  readonly lease: Lease;
  readonly links: Links;
  readonly changed: Changed;
  /** Executions in memory at most. */
  readonly slots: number;
}

/** Between looks at the queue when nobody wakes the worker. */
const LOOK_MS = 1_000;

export class Worker implements Service, Owner, Taker {
  readonly #options: WorkerOptions;
  readonly #residents = new Map<string, Resident>();
  readonly #loop: Loop;
  readonly #claims: Claims;
  #id: string;
  #draining = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#id = options.runtime.id();
    const { store, runtime, plans, outcomes, changed } = options;
    this.#claims = new Claims({ store: store.executions, runtime, plans, outcomes, worker: this, changed });
    this.#loop = new Loop({ name: 'worker', runtime, round: () => this.#round() });
  }

  get id(): string {
    return this.#id;
  }

  get hasRoom(): boolean {
    return !this.#draining && this.#residents.size < this.#options.slots;
  }

  get size(): number {
    return this.#residents.size;
  }

  has(executionId: string): boolean {
    return this.#residents.has(executionId);
  }

  start(): void {
    this.#loop.start();
  }

  /** Takes nothing new from now on; what is here goes on until `drained` or `renew`. */
  async stop(): Promise<void> {
    this.#draining = true;
    await this.#loop.stop();
  }

  async runOnce(): Promise<void> {
    await this.#round();
  }

  wake(): void {
    this.#loop.wake();
  }

  /** A new identity: what the old one owned is owned by nobody here any more (a worker given up for dead, F6). */
  renew(): void {
    for (const resident of [...this.#residents.values()]) resident.drop('refused');
    this.#id = this.#options.runtime.id();
  }

  /** Creates an execution here and begins it at once: its first commit may be its last. */
  async adopt(state: ExecutionState, create: NewExecution, command: Command): Promise<CommitResult> {
    const resident = new Resident(this, state, null);
    this.#residents.set(state.id, resident);
    return await resident.create(create, [command, { type: 'advance' }]);
  }

  newId(): string {
    return this.#options.runtime.id();
  }

  decisionEnv(): DecisionEnv {
    const { runtime } = this.#options;
    return { now: runtime.now(), id: () => runtime.id(), random: () => runtime.random() };
  }

  commit(commit: Commit): Promise<CommitResult> {
    return this.#options.committer.commit(commit);
  }

  async child(parent: ExecutionState, demand: Extract<Demand, { kind: 'child' }>): Promise<Commit | NewSignal> {
    const { store, plans } = this.#options;
    return await childCommit({ workflows: store.workflows, plans, env: this.decisionEnv() }, parent, demand);
  }

  followUps(ended: ExecutionState): Promise<Commit[]> | null {
    return this.#options.followUps.of(ended);
  }

  decisionLinks(projectId: string, waitId: string): Promise<DecisionLinks> {
    return this.#options.links.decisionLinks(projectId, waitId);
  }

  run(resident: Resident, demand: Extract<Demand, { kind: 'task' }>): void {
    const { path, attempt, reconcile } = demand;
    const abort = new AbortController();
    resident.aborts.set(path, abort);
    const { state } = resident;
    const ended = (command: Command) => {
      if (resident.aborts.get(path) === abort) resident.aborts.delete(path);
      resident.tell(command);
    };
    const { lease, tasks } = this.#options;
    const begin = () => tasks.run({ state, path, attempt, reconcile, signal: abort.signal });
    const running = lease.held ? begin() : lease.untilHeld().then(begin);
    running.then(ended, (error) =>
      ended({ type: 'task-failed', path, attempt, error: toErrorInfo(error, 'internal') }),
    );
  }

  committed(resident: Resident, events: readonly ExecutionEvent[], demands: readonly Demand[]): void {
    const { outcomes, stats } = this.#options;
    const { state } = resident;
    if (events.some((event) => event.type === 'node.completed')) failpoint('task.after-record');
    stats.count(events);
    stats.calls.count(state.id, demands);
    for (const demand of demands) {
      if (demand.kind === 'respond') outcomes.tell(state.id, { response: demand.response });
      if (demand.kind === 'child' || demand.kind === 'cancel-child') this.wake();
    }
    if (hasEnded(state.status)) {
      if (events.length > 0) stats.countEnd(state);
      outcomes.tell(state.id, { outcome: outcomeOf(state) });
      if (state.parent !== null) this.wake();
    }
    outcomes.changed(state.id);
  }

  left(resident: Resident, why: Leaving, error?: unknown): void {
    const { id } = resident.state;
    if (this.#residents.get(id) === resident) this.#residents.delete(id);
    this.#options.stats.calls.forget(id);
    if (why === 'broken') void this.#claims.setAside(resident.state, error);
    if (why === 'stale') void this.#claims.giveBack(id);
    if (why === 'refused') this.wake();
    if (this.#residents.size === this.#options.slots - 1) this.wake();
  }

  /** Waits until nothing here is busy, or the signal fires. */
  async drained(giveUp: AbortSignal): Promise<void> {
    const { runtime } = this.#options;
    while (!giveUp.aborted && [...this.#residents.values()].some((one) => one.busy || one.aborts.size > 0)) {
      await runtime.sleep(10, giveUp);
    }
  }

  /** Takes up an execution that was claimed, unless it is here already. */
  take(state: ExecutionState, startedAt: number | null, signals: readonly Signal[]): void {
    if (this.#residents.has(state.id)) return;
    const resident = new Resident(this, state, startedAt);
    this.#residents.set(state.id, resident);
    resident.begin([...signals].sort(byRank), { type: state.tasks.size > 0 ? 'recover' : 'advance' });
  }

  /** True where the execution is here already, and leaves now. */
  recall(executionId: string): boolean {
    const resident = this.#residents.get(executionId);
    resident?.recall();
    return resident !== undefined;
  }

  async #round(): Promise<number> {
    await this.#takeSignals();
    const room = this.#draining ? 0 : this.#options.slots - this.#residents.size;
    const more = await this.#claims.claim(room);
    await this.#claims.giveBackStrays();
    return more ? 0 : LOOK_MS;
  }

  async #takeSignals(): Promise<void> {
    const { executions } = this.#options.store;
    if (this.#residents.size === 0) return;
    const here = (await executions.signaled(this.#id)).filter((id) => this.#residents.has(id));
    for (const { id, executionId, signal } of (await executions.signals(here)).sort(byRank)) {
      const resident = this.#residents.get(executionId);
      if (resident !== undefined && !resident.inHand.has(id)) resident.tell(signal, id);
    }
  }
}

/**
 * What leads a failed execution on comes first, for what else waits counts only after it; then what a person wants
 * held or ended, before anything starts; and an answer before the timer that would make it late.
 */
const RANK: Readonly<Record<Signal['signal']['type'], number>> = {
  retry: 0,
  skip: 0,
  gather: 0,
  cancel: 1,
  pause: 1,
  resume: 1,
  answer: 2,
  callback: 2,
  'child-ended': 3,
  timer: 3,
};
const byRank = (a: Signal, b: Signal): number => RANK[a.signal.type] - RANK[b.signal.type];

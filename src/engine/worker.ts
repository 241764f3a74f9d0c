/**
 * Owns executions and advances them. It holds those that have something to do; one that waits leaves memory and is
 * claimed again, by whoever has room, when a signal comes.
 */
import { toErrorInfo } from '../core/errors.ts';
import type { Command, DecisionEnv, Demand, ExecutionEvent, ExecutionState } from '../core/execution/index.ts';
import { hasEnded, newState, replay } from '../core/execution/index.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Claimed, Commit, CommitResult, NewExecution, NewSignal, Signal, Store } from '../ports/store.ts';
import { childCommit } from './child.ts';
import type { Committer } from './committer.ts';
import { failpoint } from './failpoint.ts';
import { Loop } from './loop.ts';
import type { Outcomes } from './outcomes.ts';
import type { Plans } from './plans.ts';
import { type Owner, outcomeOf, Resident } from './resident.ts';
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
  /** Executions in memory at most. */
  readonly slots: number;
}

/** Claimed at once; also the most histories read in one go. */
const CLAIM = 500;
/** Between looks at the queue when nobody wakes the worker. */
const LOOK_MS = 1_000;

export class Worker implements Service, Owner {
  readonly #options: WorkerOptions;
  readonly #residents = new Map<string, Resident>();
  readonly #loop: Loop;
  #id: string;
  #draining = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#id = options.runtime.id();
    this.#loop = new Loop({ name: 'worker', runtime: options.runtime, round: () => this.#round() });
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

  /** Lets commits end and tasks finish for a while, then gives back what is left. */
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

  run(resident: Resident, demand: Extract<Demand, { kind: 'task' }>): void {
    const { path, attempt, reconcile } = demand;
    const abort = new AbortController();
    resident.aborts.set(path, abort);
    const { state } = resident;
    void this.#options.tasks.run({ state, path, attempt, reconcile, signal: abort.signal }).then((command) => {
      if (resident.aborts.get(path) === abort) resident.aborts.delete(path);
      resident.tell(command);
    });
  }

  committed(resident: Resident, events: readonly ExecutionEvent[], demands: readonly Demand[]): void {
    const { outcomes, stats } = this.#options;
    const { state } = resident;
    if (events.some((event) => event.type === 'node.completed')) failpoint('task.after-record');
    stats.count(events);
    for (const demand of demands) {
      if (demand.kind === 'respond') outcomes.tell(state.id, { response: demand.response });
      if (demand.kind === 'child' || demand.kind === 'cancel-child') this.wake();
    }
    if (hasEnded(state.status)) {
      outcomes.tell(state.id, { outcome: outcomeOf(state) });
      if (state.parent !== null) this.wake();
    }
    outcomes.changed(state.id);
  }

  left(resident: Resident, why: 'rests' | 'ended' | 'refused' | 'broken', error?: unknown): void {
    const { id } = resident.state;
    if (this.#residents.get(id) === resident) this.#residents.delete(id);
    if (why === 'broken') void this.#setAside(id, error);
    if (this.#residents.size === this.#options.slots - 1) this.wake();
  }

  /** Waits until nothing here is busy, or the signal fires. */
  async drained(giveUp: AbortSignal): Promise<void> {
    const { runtime } = this.#options;
    while (!giveUp.aborted && [...this.#residents.values()].some((one) => one.busy || one.aborts.size > 0)) {
      await runtime.sleep(10, giveUp);
    }
  }

  async #round(): Promise<number> {
    await this.#takeSignals();
    const claimed = await this.#claim();
    return claimed === CLAIM ? 0 : LOOK_MS;
  }

  async #claim(): Promise<number> {
    const { store, slots } = { store: this.#options.store, slots: this.#options.slots };
    const room = Math.min(CLAIM, slots - this.#residents.size);
    if (this.#draining || room <= 0) return 0;
    const claimed = await store.executions.claim(this.#id, room);
    if (claimed.length === 0) return 0;
    failpoint('worker.after-claim');
    const ids = claimed.map((one) => one.id);
    const [histories, signals] = await Promise.all([store.executions.histories(ids), store.executions.signals(ids)]);
    await Promise.all(claimed.map((one) => this.#load(one, histories.get(one.id) ?? [])));
    this.#tellSignals(signals);
    return claimed.length;
  }

  async #load(claimed: Claimed, history: readonly ExecutionEvent[]): Promise<void> {
    const { id, projectId, workflowId, version } = claimed;
    if (this.#residents.has(id)) return;
    try {
      const plan = await this.#options.plans.get(workflowId, version);
      const state = history.length === 0 ? newState(id, projectId, plan) : replay(id, projectId, plan, history);
      const startedAt = history.find((event) => event.type === 'execution.started')?.at ?? null;
      const resident = new Resident(this, state, startedAt);
      this.#residents.set(id, resident);
      resident.tell({ type: state.tasks.size > 0 ? 'recover' : 'advance' });
    } catch (error) {
      await this.#setAside(id, error);
    }
  }

  async #takeSignals(): Promise<void> {
    const { executions } = this.#options.store;
    const ids = this.#residents.size === 0 ? [] : await executions.signaled(this.#id);
    const [here, lost] = [ids.filter((id) => this.#residents.has(id)), ids.filter((id) => !this.#residents.has(id))];
    if (here.length > 0) this.#tellSignals(await executions.signals(here));
    if (lost.length > 0) await executions.release(this.#id, lost);
  }

  /** A retry first: what else waits for a failed execution counts only after it. */
  #tellSignals(signals: readonly Signal[]): void {
    const sorted = [...signals].sort((a, b) => rank(a) - rank(b));
    for (const { id, executionId, signal } of sorted) {
      const resident = this.#residents.get(executionId);
      if (resident !== undefined && !resident.inHand.has(id)) resident.tell(signal, id);
    }
  }

  /** An execution that cannot be read or decided must not stop the others (fault F16). */
  async #setAside(id: string, error: unknown): Promise<void> {
    const { store, runtime } = this.#options;
    const info = { ...toErrorInfo(error, 'execution_corrupt') };
    runtime.log.error({ executionId: id, error: info }, 'execution set aside');
    await store.executions.quarantine(id, info).catch(() => undefined);
  }
}

const rank = (signal: Signal): number => (signal.signal.type === 'retry' ? 0 : 1);

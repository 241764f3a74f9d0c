/**
 * Executions on their way into the memory of a worker: claimed, read, replayed. What goes wrong in between must not
 * leave an execution that somebody owns and nobody advances.
 */
import { MyelinError, toErrorInfo } from '../core/errors.ts';
import { type ExecutionEvent, type ExecutionState, newState, replay } from '../core/execution/index.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Claimed, ExecutionStore, Signal } from '../ports/store.ts';
import type { Changed } from './changes.ts';
import { failpoint } from './failpoint.ts';
import type { Outcomes } from './outcomes.ts';
import type { Plans } from './plans.ts';

export interface ClaimsOptions {
  readonly store: ExecutionStore;
  readonly runtime: Runtime;
  readonly plans: Plans;
  readonly outcomes: Outcomes;
  readonly worker: Taker;
  readonly changed: Changed;
}

/** Who claims: a worker. */
export interface Taker {
  readonly id: string;
  has(executionId: string): boolean;
  /** True where it has the execution already; that one leaves, and is given back. */
  recall(executionId: string): boolean;
  take(state: ExecutionState, startedAt: number | null, signals: readonly Signal[]): void;
}

/** Claimed at once; also the most histories read in one go. */
const CLAIM = 500;
/** Between looks for strays. */
const STRAYS_MS = 5_000;

export class Claims {
  readonly #options: ClaimsOptions;
  #lookedAt: number;

  constructor(options: ClaimsOptions) {
    this.#options = options;
    this.#lookedAt = options.runtime.now();
  }

  /** Takes up to `room` executions from the queue; true where there may be more. */
  async claim(room: number): Promise<boolean> {
    const { store, worker } = this.#options;
    if (room <= 0) return false;
    const limit = Math.min(CLAIM, room);
    const owner = worker.id;
    const claimed = await store.claim(owner, limit);
    if (claimed.length === 0) return false;
    failpoint('worker.after-claim');
    // One that is still here is claimed where a signal was quicker than the answer to the commit that let it go.
    const fresh = claimed.filter((one) => !worker.recall(one.id));
    if (fresh.length === 0) return false;
    const ids = fresh.map((one) => one.id);
    try {
      const [histories, signals] = await Promise.all([store.histories(ids), store.signals(ids)]);
      const bySignal = Map.groupBy(signals, (signal) => signal.executionId);
      const load = (one: Claimed) => this.#load(owner, one, histories.get(one.id) ?? [], bySignal.get(one.id) ?? []);
      await Promise.all(fresh.map(load));
    } catch (error) {
      await store.release(owner, ids);
      throw error;
    }
    return claimed.length === limit;
  }

  /**
   * Gives back what this worker owns and does not have: the answer to a claim may have been lost on its way, or the
   * database went away between a claim and the reading.
   */
  async giveBackStrays(): Promise<void> {
    const { store, runtime, worker } = this.#options;
    // A clock that was set back must not put the next look off.
    if (Math.abs(runtime.now() - this.#lookedAt) < STRAYS_MS) return;
    this.#lookedAt = runtime.now();
    const strays = (await store.owned(worker.id)).filter((id) => !worker.has(id));
    if (strays.length > 0) await store.release(worker.id, strays);
  }

  /** To be read again, with what came for it meanwhile. */
  async giveBack(id: string): Promise<void> {
    const { store, worker } = this.#options;
    // Where this fails, it is a stray, and found as such.
    await store.release(worker.id, [id]).catch(() => undefined);
  }

  /** An execution that cannot be read or decided must not stop the others (fault F16). */
  async setAside({ id, projectId }: Pick<Claimed, 'id' | 'projectId'>, error: unknown): Promise<void> {
    const { store, runtime, outcomes, worker, changed } = this.#options;
    // The database went away meanwhile: nothing is wrong with the execution, and somebody will take it up again.
    if (error instanceof MyelinError && error.code === 'store_unavailable') {
      return await this.giveBack(id);
    }
    const info = toErrorInfo(error, 'execution_corrupt');
    runtime.log.error({ executionId: id, error: info }, 'execution set aside');
    await store.quarantine(id, info, worker.id).catch(() => undefined);
    changed(projectId, ['executions', 'dead-letters']);
    outcomes.tell(id, { outcome: { status: 'failed', error: info } });
  }

  async #load(
    owner: string,
    claimed: Claimed,
    history: readonly ExecutionEvent[],
    posted: readonly Signal[],
  ): Promise<void> {
    const { id, projectId, workflowId, version, held } = claimed;
    const { plans, worker } = this.#options;
    // Without its admission it may be canceled, and nothing else: it must not begin.
    const signals = held ? posted.filter(({ signal }) => signal.type === 'cancel') : posted;
    if (held && signals.length === 0) return await this.giveBack(id);
    try {
      const plan = await plans.get(projectId, workflowId, version);
      const state = history.length === 0 ? newState(id, projectId, plan) : replay(id, projectId, plan, history);
      const startedAt = history.find((event) => event.type === 'execution.started')?.at ?? null;
      // Given up for dead meanwhile, the worker has another name, and what the old one claimed goes to others.
      if (worker.id === owner) worker.take(state, startedAt, signals);
    } catch (error) {
      await this.setAside(claimed, error);
    }
  }
}

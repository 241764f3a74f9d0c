/**
 * Starts executions for triggers. What it returns is committed: the caller may acknowledge. A process that is a
 * worker with room keeps the execution and begins it in the same commit; otherwise it is queued, and so is whatever
 * flow control holds.
 */
import { type ErrorInfo, MyelinError, toErrorInfo } from '../core/errors.ts';
import { type Command, decide, type ExecutionState, newState, next, type Test } from '../core/execution/index.ts';
import type { Template } from '../core/expression/index.ts';
import { withSession } from '../core/flow/plan.ts';
import { flowOf } from '../core/flow/ticket.ts';
import { PRIORITIES, type Priority } from '../core/plan/plan.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Commit, CommitResult, NewExecution } from '../ports/store.ts';
import type { Committer } from './committer.ts';
import { failpoint } from './failpoint.ts';
import type { Plans } from './plans.ts';
import { queuedCommit } from './queued-commit.ts';
import { isUnavailable } from './unavailable.ts';
import type { Worker } from './worker.ts';

export interface Start {
  readonly projectId: string;
  readonly workflowId: string;
  readonly version: number;
  /** Id of the trigger in the definition. */
  readonly triggerId: string;
  /** `$trigger`. */
  readonly trigger: unknown;
  /** The same key starts nothing again until it expires (ms since the epoch). */
  readonly key?: { readonly key: string; readonly expiresAt: number };
  /** Executions above it that started one another; absent: none. */
  readonly depth?: number;
  /** Takes the place of the workflow's `settings.session`. */
  readonly session?: Template;
  /** Instead of that of its workflow. */
  readonly priority?: Priority;
  /** It tries a document out. */
  readonly test?: Test;
  /** Chosen by the caller who wants to wait for the outcome. */
  readonly executionId?: string;
}

/** `created` false: an execution of this key was there. */
export interface Started {
  readonly executionId: string;
  readonly created: boolean;
}

export interface StarterOptions {
  readonly runtime: Runtime;
  readonly committer: Committer;
  readonly plans: Plans;
  /** Undefined where this process is no worker. */
  readonly worker: Worker | undefined;
  /** Milliseconds to wait for the database before the caller is refused. */
  readonly patienceMs: number;
}

interface Prepared {
  readonly state: ExecutionState;
  readonly create: NewExecution;
  readonly command: Command;
}

/** Between looks at who has waited too long. */
const LOOK_MS = 250;

export class Starter {
  readonly #options: StarterOptions;
  readonly #callers = new Set<{ leftMs: number; readonly refuse: () => void }>();
  #watching = false;

  constructor(options: StarterOptions) {
    this.#options = options;
  }

  /** Throws `store_unavailable` when the database does not answer in time: whether it started is then unknown. */
  async start(start: Start): Promise<Started> {
    this.#refuseWhenDown();
    const { state, create, command } = await this.#prepare(start);
    failpoint('ingress.before-commit');
    const { worker, committer } = this.#options;
    const kept = create.ticket === undefined && worker?.hasRoom === true;
    const written = kept
      ? worker.adopt(state, create, command)
      : committer.commit(this.#queued(state, create, command));
    const result = await this.#patiently(written);
    failpoint('ingress.after-commit');
    if (!kept) worker?.wake();
    return started(state, result);
  }

  /** All of them, or none, in one transaction; they are queued. */
  async startMany(starts: readonly Start[]): Promise<Started[]> {
    this.#refuseWhenDown();
    const prepared = await Promise.all(starts.map((start) => this.#prepare(start)));
    const commits = prepared.map(({ state, create, command }) => this.#queued(state, create, command));
    const results = await this.#patiently(this.#options.committer.commitAll(commits));
    this.#options.worker?.wake();
    return prepared.map(({ state }, index) => started(state, results[index] as CommitResult));
  }

  /**
   * Each as `start`, and those that come together in one transaction as far as they fit; what has to wait for a limit
   * keeps its order. In the order given, with the error of what was refused, which hinders no other. Throws
   * `store_unavailable`: some may have started.
   */
  async startEach(starts: readonly Start[]): Promise<(Started | ErrorInfo)[]> {
    this.#refuseWhenDown();
    const { worker } = this.#options;
    const prepared = await Promise.all(starts.map((start) => this.#prepare(start).catch(refusal)));
    const waiting: Prepared[] = [];
    const kept = prepared.map((one) => {
      if ('code' in one) return one;
      if (one.create.ticket === undefined && worker?.hasRoom === true) {
        const written = this.#patiently(worker.adopt(one.state, one.create, one.command));
        return written.then((result) => started(one.state, result)).catch(refusal);
      }
      waiting.push(one);
      return undefined;
    });
    const [done, queued] = await Promise.all([Promise.all(kept), this.#queueEach(waiting)]);
    if (waiting.length > 0) worker?.wake();
    const next = queued.values();
    return done.map((one) => one ?? (next.next().value as Started | ErrorInfo));
  }

  /**
   * Each is queued, all of them in one transaction as far as they fit. In the order given, with the error of what was
   * refused, which hinders no other. Throws `store_unavailable`: some may have started.
   */
  async queueEach(starts: readonly Start[]): Promise<(Started | ErrorInfo)[]> {
    this.#refuseWhenDown();
    const prepared = await Promise.all(starts.map((start) => this.#prepare(start).catch(refusal)));
    const queued = (await this.#queueEach(prepared.flatMap((one) => ('code' in one ? [] : [one])))).values();
    this.#options.worker?.wake();
    return prepared.map((one) => ('code' in one ? one : (queued.next().value as Started | ErrorInfo)));
  }

  /** In one transaction; where one of them is refused, one after the other. */
  async #queueEach(prepared: readonly Prepared[]): Promise<(Started | ErrorInfo)[]> {
    if (prepared.length === 0) return [];
    try {
      const commits = prepared.map(({ state, create, command }) => this.#queued(state, create, command));
      const results = await this.#patiently(this.#options.committer.commitAll(commits));
      return prepared.map(({ state }, index) => started(state, results[index] as CommitResult));
    } catch (error) {
      const info = refusal(error);
      if (prepared.length === 1) return [info];
    }
    const results: (Started | ErrorInfo)[] = [];
    for (const one of prepared) results.push(...(await this.#queueEach([one])));
    return results;
  }

  #refuseWhenDown(): void {
    if (!this.#options.committer.available) throw new MyelinError('store_unavailable');
  }

  async #prepare(start: Start): Promise<Prepared> {
    const { plans, runtime } = this.#options;
    const { projectId, workflowId, version, triggerId, trigger, key, depth, session, test } = start;
    const plan = await plans.get(projectId, workflowId, version);
    const state = newState(start.executionId ?? runtime.id(), projectId, plan);
    const now = runtime.now();
    const flow = session === undefined ? plan.flow : withSession(plan.flow, workflowId, session);
    const { ticket, holds } = flowOf({ flow, mask: plan.mask }, trigger, now);
    const create = {
      workflowId,
      version,
      triggerId,
      priority: PRIORITIES[start.priority ?? plan.priority],
      createdAt: now,
      parentId: null,
      ...(key === undefined ? {} : { key }),
      ...ticket,
    };
    return {
      state,
      create,
      command: {
        ...{ type: 'create', triggerId, trigger, ...holds },
        ...(depth === undefined ? {} : { depth }),
        ...(test === undefined ? {} : { test }),
      },
    };
  }

  #queued(state: ExecutionState, create: NewExecution, command: Command): Commit {
    const { runtime } = this.#options;
    const env = { now: create.createdAt, id: () => runtime.id(), random: () => runtime.random() };
    const events = decide(state, command, env);
    next(state);
    return queuedCommit(state, create, events);
  }

  /** Rejects after a while without an answer. One timer serves all who wait: this is the hot path. */
  #patiently<T>(written: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      // By looks, not by the clock: one that is set back must keep nobody waiting. The first look may come at once.
      const leftMs = this.#options.patienceMs + LOOK_MS;
      const caller = { leftMs, refuse: () => reject(new MyelinError('store_unavailable')) };
      this.#callers.add(caller);
      const leave = () => this.#callers.delete(caller);
      written.then(resolve, reject).finally(leave);
      void this.#watch();
    });
  }

  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    const { runtime } = this.#options;
    while (this.#callers.size > 0) {
      await runtime.sleep(LOOK_MS);
      for (const caller of this.#callers) {
        caller.leftMs -= LOOK_MS;
        if (caller.leftMs <= 0) caller.refuse();
      }
    }
    this.#watching = false;
  }
}

function started(state: ExecutionState, result: CommitResult): Started {
  if (result.result === 'duplicate') return { executionId: result.of, created: false };
  return { executionId: state.id, created: true };
}

/** Where the database is away nothing is refused: throws the error. */
function refusal(error: unknown): ErrorInfo {
  if (isUnavailable(error)) throw error;
  return toErrorInfo(error, 'internal');
}

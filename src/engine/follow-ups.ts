/**
 * Executions that start with the end of another, in the commit that ends it: the error workflow of one that failed,
 * and those whose trigger hears of the end. Who hears is kept in memory and read again every second, so that an end
 * that nobody hears costs nothing; what this process changes itself is seen at once (`refresh`).
 *
 * A follow-up that cannot start is logged and never hinders the end.
 */
import { toErrorInfo } from '../core/errors.ts';
import { DEEPEST, type ExecutionState, tooDeep } from '../core/execution/index.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Commit } from '../ports/store.ts';
import type { ListeningTrigger, WorkflowStore } from '../ports/workflows.ts';
import { queuedStart } from './child.ts';
import { Loop } from './loop.ts';
import type { Plans } from './plans.ts';

export interface FollowUpsOptions {
  readonly workflows: WorkflowStore;
  readonly plans: Plans;
  readonly runtime: Runtime;
  /** Where the outside finds the server, without a slash at its end. */
  readonly publicUrl: () => string;
}

interface FollowUp {
  readonly workflowId: string;
  readonly version: number;
  readonly triggerId: string;
  readonly trigger: unknown;
  readonly kind: 'failure' | 'end';
}

const REFRESH_MS = 1_000;
const RETRY_MS = 100;
/** The id under which an error workflow is started. */
const ERROR_TRIGGER = 'error';

export class FollowUps implements Service {
  readonly #options: FollowUpsOptions;
  readonly #loop: Loop;
  /** By project, and name or id of the workflow that is heard. */
  #listening: ReadonlyMap<string, readonly ListeningTrigger[]> = new Map();
  #stopped = false;

  constructor(options: FollowUpsOptions) {
    this.#options = options;
    const round = async () => {
      await this.refresh();
      return REFRESH_MS;
    };
    this.#loop = new Loop({ name: 'follow-ups', runtime: options.runtime, round });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop.stop();
  }

  runOnce(): Promise<void> {
    return this.refresh();
  }

  /** Reads who hears of ends. */
  async refresh(): Promise<void> {
    const rows = await this.#options.workflows.listening('workflow');
    this.#listening = Map.groupBy(rows, ({ projectId, config }) => place(projectId, String(config.workflow)));
  }

  /** The commits to write with the one that ends this execution; null where there are none. */
  of(state: ExecutionState): Promise<Commit[]> | null {
    // Whoever tests a document hears of the end, and nobody else.
    if (state.test !== null) return null;
    const hears = this.#listening.size > 0 ? this.#hearing(state) : [];
    const handler = hasFailed(state) && state.cause?.kind !== 'failure' ? state.plan.errorWorkflow : null;
    return hears.length === 0 && handler === null ? null : this.#commits(state, hears, handler);
  }

  #hearing({ projectId, plan, status }: ExecutionState): ListeningTrigger[] {
    const found = [plan.name, plan.workflowId].flatMap((word) => this.#listening.get(place(projectId, word)) ?? []);
    const end = status === 'compensation_failed' ? 'failed' : status;
    return found.filter(({ config }) => ((config.on as string[] | undefined) ?? ['completed']).includes(end));
  }

  async #commits(state: ExecutionState, hears: ListeningTrigger[], handler: string | null): Promise<Commit[]> {
    if (state.depth >= DEEPEST) {
      this.#refuse(state, tooDeep().message);
      return [];
    }
    const end = hears.length === 0 ? undefined : endOf(state, this.#options.publicUrl());
    const wanted: FollowUp[] = hears.map(({ workflowId, version, name }) => {
      return { workflowId, version, triggerId: name, trigger: end, kind: 'end' };
    });
    const handling = handler === null ? undefined : await this.#handling(state, handler);
    if (handling !== undefined) wanted.push(handling);
    const commits = await Promise.all(wanted.map((one) => this.#commit(state, one)));
    return commits.filter((one) => one !== undefined);
  }

  async #handling(state: ExecutionState, handler: string): Promise<FollowUp | undefined> {
    const found = await this.#persistently(() => this.#options.workflows.get(state.projectId, handler));
    if (found?.status === 'active') {
      const { id: workflowId, version } = found;
      return {
        workflowId,
        version,
        triggerId: ERROR_TRIGGER,
        trigger: failureOf(state, this.#options.publicUrl()),
        kind: 'failure',
      };
    }
    const trouble = found === undefined ? 'does not exist' : `is ${found.status}, not active`;
    this.#refuse(state, `its error workflow ${handler} ${trouble}`);
    return undefined;
  }

  async #commit(state: ExecutionState, one: FollowUp): Promise<Commit | undefined> {
    const { plans, runtime } = this.#options;
    const { projectId, depth } = state;
    const { triggerId, trigger } = one;
    const cause = { executionId: state.id, kind: one.kind };
    try {
      const plan = await this.#persistently(() => plans.get(projectId, one.workflowId, one.version));
      const env = { now: runtime.now(), id: () => runtime.id(), random: () => runtime.random() };
      const start = { executionId: runtime.id(), projectId, plan, triggerId, trigger, depth: depth + 1, cause };
      return queuedStart(env, start);
    } catch (error) {
      this.#refuse(state, toErrorInfo(error, 'internal').message);
      return undefined;
    }
  }

  /** The end waits for the database as its commit would. */
  async #persistently<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await read();
      } catch (error) {
        if (this.#stopped || toErrorInfo(error).code !== 'store_unavailable') throw error;
        await this.#options.runtime.sleep(RETRY_MS);
      }
    }
  }

  #refuse({ id, plan }: ExecutionState, why: string): void {
    this.#options.runtime.log.warn({ executionId: id, workflow: plan.name }, `nothing follows the execution: ${why}`);
  }
}

const place = (projectId: string, workflow: string): string => `${projectId} ${workflow}`;

/** A failure that was undone is one too; a cancel that was undone is none. */
function hasFailed({ status, failure }: ExecutionState): boolean {
  if (status === 'compensated') return failure?.error.code !== 'canceled';
  return status === 'failed' || status === 'compensation_failed';
}

function summaryOf({ id, plan, status }: ExecutionState, publicUrl: string) {
  return { id, workflow: plan.name, version: plan.version, status, url: `${publicUrl}/api/executions/${id}` };
}

/** `$trigger` of an error workflow. */
function failureOf(state: ExecutionState, publicUrl: string): unknown {
  const { failure, trigger } = state;
  return {
    execution: summaryOf(state, publicUrl),
    error: failure?.error ?? null,
    node: failure?.path ?? null,
    trigger,
  };
}

/** `$trigger` of a workflow that hears of an end. */
function endOf(state: ExecutionState, publicUrl: string): unknown {
  const { status, failure } = state;
  const output = status === 'completed' ? (state.output ?? null) : null;
  return { execution: summaryOf(state, publicUrl), status, output, error: failure?.error ?? null };
}

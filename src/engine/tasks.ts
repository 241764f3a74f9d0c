/**
 * Runs attempts of tasks: a bounded number at a time, each with its time limit and its abort. What comes out is
 * always a command for the execution, never an exception.
 */
import { type ErrorInfo, MyelinError, toErrorInfo } from '../core/errors.ts';
import { type Command, type ExecutionState, taskInput } from '../core/execution/index.ts';
import { type NodeRef, nodeState, pathOf } from '../core/execution/state.ts';
import { isTask, type NodeResult, type TaskContext, type TaskNode } from '../core/node-type.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Secrets } from '../ports/secrets.ts';
import { failpoint } from './failpoint.ts';
import { redact, redactError } from './redact.ts';

export interface Attempt {
  readonly state: ExecutionState;
  readonly path: string;
  readonly attempt: number;
  /** Ask first what became of the attempt before. */
  readonly reconcile: boolean;
  readonly signal: AbortSignal;
}

export interface TasksOptions {
  readonly runtime: Runtime;
  readonly secrets: Secrets;
  /** Attempts at the same time. */
  readonly concurrency: number;
}

/** Of one attempt, where the node names no time limit. */
const DEFAULT_TIMEOUT_MS = 10 * 60_000;

export class Tasks {
  readonly #options: TasksOptions;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(options: TasksOptions) {
    this.#options = options;
  }

  /** Attempts at work. */
  get running(): number {
    return this.#running;
  }

  async run(attempt: Attempt): Promise<Command> {
    if (this.#running >= this.#options.concurrency) await new Promise<void>((go) => this.#queue.push(go));
    this.#running += 1;
    try {
      return await this.#attempt(attempt);
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  async #attempt(one: Attempt): Promise<Command> {
    const { path, attempt, signal } = one;
    const read = new Map<string, string>();
    try {
      const secrets = await this.#secretsFor(one);
      // It may have waited for its turn: what was called off meanwhile must not begin.
      if (signal.aborted) throw abortReason(signal);
      failpoint('task.before-run');
      const result = await this.#perform(one, (name) => readSecret(secrets, read, name));
      failpoint('task.after-run');
      return { type: 'task-completed', path, attempt, result: redact(result, read) };
    } catch (thrown) {
      return { type: 'task-failed', path, attempt, error: redactError(placed(path, toErrorInfo(thrown)), read) };
    }
  }

  /** Values of the secrets that the config names, fetched before it is resolved. */
  async #secretsFor({ state, path }: Attempt): Promise<ReadonlyMap<string, string | undefined>> {
    const { ref } = taskInput(state, path, () => '');
    const names = [...ref.node.config.references.secrets];
    const { secrets } = this.#options;
    if (names.length === 0) return new Map();
    return new Map(
      await Promise.all(
        names.map(async (name) => [name, await secrets.get(state.projectId, name)] as [string, string | undefined]),
      ),
    );
  }

  async #perform(one: Attempt, secret: (name: string) => string): Promise<NodeResult> {
    const { state, path, attempt } = one;
    const { ref, env, resolve } = taskInput(state, path, secret);
    const { type, timeoutMs } = ref.node;
    if (!isTask(type)) throw new MyelinError('internal', `${path} is no task`);
    const config = resolve();
    const limit = timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return await this.#within(limit, one.signal, (signal) => {
      const context: TaskContext = {
        executionId: state.id,
        projectId: state.projectId,
        path,
        attempt,
        idempotencyKey: keyOf(state, ref),
        signal,
        input: env.$json,
        env,
      };
      return one.reconcile ? reconcile(type, config, context) : type.run(config, context);
    });
  }

  /** Ends with the time limit or the abort even where the task does not. */
  async #within<T>(limitMs: number, outer: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController();
    const over = new AbortController();
    const stop = () => own.abort(outer.reason);
    if (outer.aborted) stop();
    outer.addEventListener('abort', stop, { once: true });
    const limit = this.#options.runtime.sleep(limitMs, over.signal).then(() => {
      if (!over.signal.aborted) own.abort(new MyelinError('timeout', `It took longer than ${limitMs} ms.`));
    });
    const aborted = new Promise<never>((_, reject) => {
      own.signal.addEventListener('abort', () => reject(abortReason(own.signal)), { once: true });
    });
    try {
      return await Promise.race([run(own.signal), aborted]);
    } catch (error) {
      throw own.signal.aborted ? abortReason(own.signal) : error;
    } finally {
      outer.removeEventListener('abort', stop);
      // A reason of its own: without one, each abort makes an exception with its stack.
      over.abort('over');
      await limit;
    }
  }
}

/** The same over attempts, crashes and a person's retry; a node that had finished and is run again gets another. */
function keyOf(state: ExecutionState, ref: NodeRef): string {
  const { round } = nodeState(ref);
  const key = `${state.id}/${pathOf(ref)}`;
  return round === 1 ? key : `${key}#${round}`;
}

async function reconcile(type: TaskNode, config: unknown, context: TaskContext): Promise<NodeResult> {
  return (await type.reconcile?.(config, context)) ?? (await type.run(config, context));
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof MyelinError ? signal.reason : new MyelinError('interrupted');
}

function readSecret(secrets: ReadonlyMap<string, string | undefined>, read: Map<string, string>, name: string): string {
  const value = secrets.get(name);
  if (value === undefined) throw new MyelinError('secret_missing', `There is no secret ${name}; set it and retry.`);
  read.set(name, value);
  return value;
}

function placed(path: string, error: ErrorInfo): ErrorInfo {
  return { ...error, message: `${path}: ${error.message}` };
}

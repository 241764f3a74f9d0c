/**
 * Runs attempts of tasks: a bounded number at a time, each with its time limit and its abort. What comes out is
 * always a command for the execution, never an exception.
 */
import { type ErrorInfo, MyelinError, toErrorInfo } from '../core/errors.ts';
import { type Command, type ExecutionState, taskInput } from '../core/execution/index.ts';
import { type NodeRef, nodeState, pathOf } from '../core/execution/state.ts';
import type { Env } from '../core/expression/env.ts';
import { asLost } from '../core/lost-answer.ts';
import { isTask, type NodeResult, type TaskContext, type TaskNode } from '../core/node-type.ts';
import type { Connections, OpenConnection } from '../ports/connections.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Secrets } from '../ports/secrets.ts';
import { connectionSecrets } from './connection-secrets.ts';
import type { Dependencies } from './dependencies.ts';
import { failpoint } from './failpoint.ts';
import { Gate } from './gate.ts';
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
  /** Absent: there are none. */
  readonly connections?: Connections | undefined;
  /** Attempts at the same time. */
  readonly concurrency: number;
  /** Absent: nobody minds how hosts and models are. */
  readonly dependencies?: Dependencies | undefined;
}

/** An attempt whose config is resolved: what it needs is known. */
interface Prepared {
  readonly one: Attempt;
  /** Secrets that it has come to know, by the name that stands for them in what it gives back. */
  readonly read: Map<string, string>;
  /** Of idempotency. */
  readonly key: string;
  readonly type: TaskNode;
  readonly config: unknown;
  readonly env: Env;
  readonly timeoutMs: number;
  /** What it began may have happened, where it is cut off. */
  readonly isIrreversible: boolean;
  /** When all attempts of the node must be over, in milliseconds since the epoch. */
  readonly deadline: number | null;
}

/** Of one attempt, where the node names no time limit. */
const DEFAULT_TIMEOUT_MS = 10 * 60_000;
const NO_SECRETS: ReadonlyMap<string, string | undefined> = new Map();
const LONGEST_NAME = 200;
const UNPRINTABLE = /\p{Cc}|\p{Cs}/u;

export class Tasks {
  readonly #options: TasksOptions;
  readonly #slots: Gate;

  constructor(options: TasksOptions) {
    this.#options = options;
    this.#slots = new Gate(options.concurrency);
  }

  /** Attempts at work. */
  get running(): number {
    return this.#slots.inside;
  }

  async run(one: Attempt): Promise<Command> {
    const { path, attempt } = one;
    const read = new Map<string, string>();
    try {
      const prepared = await this.#prepare(one, read);
      const result = await this.#reach(prepared, dependencyOf(prepared, read));
      return { type: 'task-completed', path, attempt, result: redact(result, read) };
    } catch (thrown) {
      return { type: 'task-failed', path, attempt, error: redactError(placed(path, toErrorInfo(thrown)), read) };
    }
  }

  /** Notes the secrets that the config has read. */
  async #prepare(one: Attempt, read: Map<string, string>): Promise<Prepared> {
    const { state, path } = one;
    let values = NO_SECRETS;
    const { ref, env, deadline, resolve } = taskInput(state, path, (name) => readSecret(values, read, name));
    const { type } = ref.node;
    if (!isTask(type)) throw new MyelinError('internal', `${path} is no task`);
    values = await this.#secretsOf(state.projectId, [...ref.node.config.references.secrets]);
    const timeoutMs = ref.node.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const isIrreversible = ref.node.effect === 'irreversible';
    return { one, read, key: keyOf(state, ref), type, config: resolve(), env, timeoutMs, isIrreversible, deadline };
  }

  async #secretsOf(projectId: string, names: string[]): Promise<ReadonlyMap<string, string | undefined>> {
    if (names.length === 0) return NO_SECRETS;
    const { secrets } = this.#options;
    const entries = names.map(async (name) => [name, await secrets.get(projectId, name)] as const);
    return new Map(await Promise.all(entries));
  }

  /** First a place at what it depends on, then one of the slots: who waits for a slow host takes none. */
  async #reach(prepared: Prepared, name: string | undefined): Promise<NodeResult> {
    const { dependencies } = this.#options;
    const { signal, state } = prepared.one;
    if (dependencies === undefined || name === undefined) {
      return await this.#inSlot(prepared, () => this.#perform(prepared));
    }
    const place = await dependencies.enter({ projectId: state.projectId, name }, signal);
    try {
      return await this.#inSlot(prepared, () => place.call(signal, () => this.#perform(prepared)));
    } finally {
      place.leave();
    }
  }

  async #inSlot(prepared: Prepared, run: () => Promise<NodeResult>): Promise<NodeResult> {
    const { signal } = prepared.one;
    if (!this.#slots.tryEnter()) await this.#slots.enter(signal);
    try {
      // It may have waited for its turn: what was called off meanwhile must not begin, nor what came too late.
      if (signal.aborted) throw abortReason(signal);
      if (this.#left(prepared) <= 0) throw new MyelinError('timeout', 'Its deadline came before the attempt began.');
      failpoint('task.before-run');
      const result = await run();
      failpoint('task.after-run');
      return result;
    } finally {
      this.#slots.leave();
    }
  }

  /** Milliseconds that the attempt may take. */
  #left({ timeoutMs, deadline }: Prepared): number {
    return deadline === null ? timeoutMs : Math.min(timeoutMs, deadline - this.#options.runtime.now());
  }

  async #perform(prepared: Prepared): Promise<NodeResult> {
    const { one, type, config, env, key, isIrreversible } = prepared;
    const { state, path, attempt } = one;
    const cutOff = isIrreversible ? asLost : (error: MyelinError) => error;
    return await this.#within(this.#left(prepared), one.signal, cutOff, (signal) => {
      const context: TaskContext = {
        executionId: state.id,
        projectId: state.projectId,
        path,
        attempt,
        idempotencyKey: key,
        signal,
        input: env.$json,
        isMasked: state.plan.mask !== null,
        env,
        connection: (name, wanted) => this.#connect(prepared, name, wanted),
        redact: (text) => redact(text, prepared.read),
      };
      return one.reconcile ? reconcile(type, config, context) : type.run(config, context);
    });
  }

  /** Notes its secrets, as those that the config has read: whatever gives them back, they do not go on. */
  async #connect({ one, read }: Prepared, name: string, type: string): Promise<OpenConnection> {
    const { connections } = this.#options;
    if (connections === undefined) throw new MyelinError('connection_missing', `There is no connection ${name}.`);
    const found = await connections.open(one.state.projectId, name, type);
    for (const [known, value] of connectionSecrets(name, found)) read.set(known, value);
    return found;
  }

  /** Ends with the time limit or the abort even where the task does not. */
  async #within<T>(
    limitMs: number,
    outer: AbortSignal,
    cutOff: (error: MyelinError) => MyelinError,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
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
      throw own.signal.aborted ? cutOff(abortReason(own.signal)) : error;
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

/** A secret in the name of a host stays one: the name is stored, and others see it. */
function dependencyOf({ type, config }: Prepared, read: ReadonlyMap<string, string>): string | undefined {
  const name = type.dependency?.(config);
  return name === undefined || UNPRINTABLE.test(name) ? undefined : redact(name, read).slice(0, LONGEST_NAME);
}

async function reconcile(type: TaskNode, config: unknown, context: TaskContext): Promise<NodeResult> {
  return (await type.reconcile?.(config, context)) ?? (await type.run(config, context));
}

function abortReason(signal: AbortSignal): MyelinError {
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

/**
 * One execution in the memory of its owner. Commands are decided in the order they come; what they decide is
 * committed before anything of it is done; while a commit is on its way, further commands gather for the next.
 */
import { MyelinError } from '../core/errors.ts';
import {
  type Command,
  type DecisionEnv,
  type Demand,
  decide,
  type ExecutionEvent,
  type ExecutionState,
  envelope,
  hasEnded,
  hasMore,
  next,
  type Outcome,
} from '../core/execution/index.ts';
import type { NewMessage } from '../ports/outbox.ts';
import type { Commit, CommitResult, NewExecution, NewSignal, Signal } from '../ports/store.ts';
import { type ApprovalHeard, approvalHeard, approvalMessages } from './approval-messages.ts';
import { letterOf } from './letter.ts';
import type { DecisionLinks } from './links.ts';

/** What a resident needs from its worker. */
export interface Owner {
  /** Who writes. */
  readonly id: string;
  decisionEnv(): DecisionEnv;
  commit(commit: Commit): Promise<CommitResult>;
  /** The commit that creates a child, or the signal that there can be none. */
  child(parent: ExecutionState, demand: Extract<Demand, { kind: 'child' }>): Promise<Commit | NewSignal>;
  /** The commits of executions that start with the end of this one; null: none, as nearly always. */
  followUps(ended: ExecutionState): Promise<Commit[]> | null;
  /** By which whoever has them decides an approval. */
  decisionLinks(projectId: string, waitId: string): Promise<DecisionLinks>;
  run(resident: Resident, demand: Extract<Demand, { kind: 'task' }>): void;
  /** After each commit. */
  committed(resident: Resident, events: readonly ExecutionEvent[], demands: readonly Demand[]): void;
  /** The execution is not in memory any more. */
  left(resident: Resident, why: Leaving, error?: unknown): void;
}

/** `stale`: it is owned here and must be read again. */
export type Leaving = 'rests' | 'ended' | 'refused' | 'stale' | 'broken';

interface Decision {
  readonly events: readonly ExecutionEvent[];
  /** Ids of signals. */
  readonly taken: readonly string[];
  readonly heard: readonly ApprovalHeard[];
}

export class Resident {
  readonly state: ExecutionState;
  /** Aborts of tasks at work, by path. */
  readonly aborts = new Map<string, AbortController>();
  /** Signals in hand: told, and not yet deleted by a commit. */
  readonly inHand = new Set<string>();
  readonly #owner: Owner;
  #commands: { readonly command: Command; readonly signalId?: string }[] = [];
  #create: NewExecution | undefined;
  #created: ((result: CommitResult | Error) => void) | undefined;
  #startedAt: number | null;
  #busy = false;
  #gone = false;
  #recalled = false;

  constructor(owner: Owner, state: ExecutionState, startedAt: number | null) {
    this.#owner = owner;
    this.state = state;
    this.#startedAt = startedAt;
  }

  /** True while commands or a commit are on their way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Creates the execution with its first commit; resolves with what became of it. */
  create(create: NewExecution, commands: readonly Command[]): Promise<CommitResult> {
    this.#create = create;
    return new Promise((resolve, reject) => {
      this.#created = (result) => (result instanceof Error ? reject(result) : resolve(result));
      for (const command of commands) this.#commands.push({ command });
      void this.#pump();
    });
  }

  /** Takes up an execution: what waits for it is heard in its first decision, before anything else is done. */
  begin(signals: readonly Signal[], command: Command): void {
    for (const { id, signal } of signals) this.#take(signal, id);
    this.#commands.push({ command });
    void this.#pump();
  }

  tell(command: Command, signalId?: string): void {
    if (this.#gone) return;
    if (signalId === undefined) this.#commands.push({ command });
    else this.#take(command, signalId);
    void this.#pump();
  }

  #take(command: Command, signalId: string): void {
    this.#commands.push({ command, signalId });
    this.inHand.add(signalId);
  }

  /**
   * Its worker was given it anew, so others may have written since: it leaves, to be read again. A commit that is on
   * its way may be the one that let it go; what that says is still passed on.
   */
  recall(): void {
    if (this.#busy) this.#recalled = true;
    else this.#leave('stale');
  }

  /** Stops here, without another commit; what was decided and not written never happened. */
  drop(why: 'refused' | 'broken', error?: unknown): void {
    this.#leave(why, error);
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#gone) return;
    this.#busy = true;
    try {
      while (!this.#gone && (this.#commands.length > 0 || hasMore(this.state))) await this.#turn();
    } catch (error) {
      this.#leave('broken', error);
    } finally {
      this.#busy = false;
      if (this.#recalled) this.#leave('stale');
    }
  }

  async #turn(): Promise<void> {
    const firstSeq = this.state.seq + 1;
    const hadEnded = hasEnded(this.state.status);
    const decided = this.#decide();
    const { events, taken } = decided;
    const demands = next(this.state);
    if (events.length === 0 && taken.length === 0) return this.#idle();
    const commit = await this.#commitOf(firstSeq, decided, demands, hadEnded);
    if (this.#recalled) return this.#leave('stale');
    const result = await this.#owner.commit(commit);
    this.#created?.(result);
    this.#created = undefined;
    this.#create = undefined;
    for (const id of taken) this.inHand.delete(id);
    if (result.result === 'stale') return this.#leave('stale');
    if (result.result !== 'committed') return this.#leave('refused');
    // Dropped meanwhile: another owner may be at it already.
    if (this.#gone) return;
    this.#owner.committed(this, events, demands);
    if (this.#recalled) return this.#leave('stale');
    this.#act(demands);
    if (hasEnded(this.state.status)) this.#leave('ended');
    else if (this.#rests()) this.#leave('rests');
  }

  /** There was nothing to do: what it was taken up for is done, by another. Nobody would come for it here. */
  #idle(): void {
    if (hasEnded(this.state.status) || this.#rests()) this.#leave('stale');
  }

  #decide(): Decision {
    const env = this.#owner.decisionEnv();
    const events: ExecutionEvent[] = [];
    const taken: string[] = [];
    const heard: ApprovalHeard[] = [];
    const commands = this.#commands;
    this.#commands = [];
    if (commands.length === 0) return { events: decide(this.state, { type: 'advance' }, env), taken, heard };
    for (const { command, signalId } of commands) {
      if (signalId !== undefined) taken.push(signalId);
      const approval = approvalHeard(this.state, command);
      if (approval !== undefined) heard.push(approval);
      try {
        for (const event of decide(this.state, command, env)) events.push(event);
      } catch (error) {
        // A signal that comes when its time is over changes nothing; it is taken, so that it does not come again.
        if (!(error instanceof MyelinError) || error.code !== 'illegal_transition') throw error;
      }
    }
    return { events, taken, heard };
  }

  /** Nothing to do until a signal comes: it can leave memory. */
  #rests(): boolean {
    const { status, tasks } = this.state;
    return status === 'waiting' && tasks.size === 0 && this.#commands.length === 0 && !hasMore(this.state);
  }

  async #commitOf(
    firstSeq: number,
    { events, taken, heard }: Decision,
    demands: readonly Demand[],
    hadEnded: boolean,
  ): Promise<Commit> {
    const { state } = this;
    const ended = hasEnded(state.status);
    for (const event of events) if (event.type === 'execution.started') this.#startedAt ??= event.at;
    const children: Commit[] = [];
    const posts: NewSignal[] = [];
    const messages: NewMessage[] = [];
    for (const demand of demands) {
      if (demand.kind === 'child') {
        const child = await this.#owner.child(state, demand);
        if ('signal' in child) posts.push(child);
        else children.push(child);
      }
      if (demand.kind === 'message') messages.push({ projectId: state.projectId, event: envelope(state, demand) });
      if (demand.kind === 'cancel-child') posts.push(cancelChild(state, demand));
    }
    const linksOf = (waitId: string) => this.#owner.decisionLinks(state.projectId, waitId);
    const told = approvalMessages(state, { firstSeq, events, demands, heard }, linksOf);
    if (told !== null) messages.push(...(await told));
    // One that had ended and was not led on has nothing new to tell.
    const endedAt = ended ? events.at(-1)?.at : undefined;
    const followUps = endedAt !== undefined ? this.#owner.followUps(state) : null;
    if (followUps !== null) children.push(...(await followUps));
    if (endedAt !== undefined && state.parent !== null) posts.push(childEnded(state, state.parent.executionId));
    const left = endedAt === undefined ? null : letterOf(state, endedAt);
    if (left !== null) messages.push(...left.messages);
    return {
      executionId: state.id,
      projectId: state.projectId,
      writer: this.#owner.id,
      ...(this.#create === undefined ? {} : { create: this.#create }),
      firstSeq,
      events,
      // With something left to do it is not at rest: after a crash, only the queue would find it.
      status: state.status === 'waiting' && hasMore(state) ? 'running' : state.status,
      owner: ended || this.#rests() ? null : this.#owner.id,
      startedAt: this.#startedAt,
      finishedAt: endedAt ?? null,
      error: ended && state.status !== 'canceled' ? (state.failure?.error ?? null) : null,
      arm: demands.filter((demand) => demand.kind === 'arm'),
      disarm: demands.filter((demand) => demand.kind === 'disarm').map((demand) => demand.timerId),
      taken,
      posts,
      children,
      ...(messages.length === 0 ? {} : { messages }),
      ...(left === null ? {} : { letter: left.letter }),
      ...(hadEnded && events.length > 0 ? { revived: true } : {}),
      ...questionsOf(demands),
      ...slotsOf(state, hadEnded, ended),
    };
  }

  #act(demands: readonly Demand[]): void {
    for (const demand of demands) {
      if (demand.kind === 'task') this.#owner.run(this, demand);
      if (demand.kind === 'abort') this.aborts.get(demand.path)?.abort(abortedBy(this.state));
    }
  }

  #leave(why: Leaving, error?: unknown): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const abort of this.aborts.values()) abort.abort(new MyelinError('interrupted'));
    this.#created?.(
      error instanceof Error
        ? error
        : new MyelinError(
            'store_unavailable',
            'This process lost the execution while it began; look for it by its key.',
          ),
    );
    this.#owner.left(this, why, error);
  }
}

/** Nothing where nobody outside is asked, which is nearly always. */
function questionsOf(demands: readonly Demand[]): Pick<Commit, 'opens' | 'closes'> {
  const opens = demands.filter((demand) => demand.kind === 'await');
  const closes = demands.filter((demand) => demand.kind === 'close-wait');
  return {
    ...(opens.length > 0 && {
      opens: opens.map(({ as: kind, waitId, path, details }) => ({ waitId, path, kind, details })),
    }),
    ...(closes.length > 0 && { closes: closes.map(({ waitId, expired }) => ({ waitId, expired })) }),
  };
}

/** Of a workflow without flow control, nothing. */
function slotsOf({ plan, holds }: ExecutionState, hadEnded: boolean, ended: boolean): Pick<Commit, 'frees' | 'takes'> {
  if (plan.flow === null || hadEnded === ended) return {};
  return ended ? { frees: true } : { takes: holds };
}

function abortedBy(state: ExecutionState): MyelinError {
  return state.status === 'canceled' || state.failure?.error.code === 'canceled'
    ? new MyelinError('interrupted', 'The execution was canceled.')
    : new MyelinError('timeout', 'The execution took longer than its time limit.');
}

function cancelChild(state: ExecutionState, child: Extract<Demand, { kind: 'cancel-child' }>): NewSignal {
  const { executionId, compensate } = child;
  const reason = `The parent execution ${state.id} has ended.`;
  return { executionId, projectId: state.projectId, signal: { type: 'cancel', reason, compensate } };
}

function childEnded(state: ExecutionState, parentId: string): NewSignal {
  const signal = { type: 'child-ended', executionId: state.id, outcome: outcomeOf(state) } as const;
  return { executionId: parentId, projectId: state.projectId, signal };
}

/** How an execution that has ended ended. */
export function outcomeOf(state: ExecutionState): Outcome {
  if (state.status === 'completed') return { status: 'completed', output: state.output };
  const status = hasEnded(state.status) ? state.status : 'failed';
  return status === 'canceled' || state.failure === null ? { status } : { status, error: state.failure.error };
}

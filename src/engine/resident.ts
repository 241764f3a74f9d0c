/**
 * One execution in the memory of its owner. Commands are decided in the order they come; what they decide is
 * committed before anything of it is done; while a commit is on its way, further commands gather for the next.
 */
import { fieldOf, toldAccount } from '../core/budget/accounts.ts';
import { type ErrorInfo, MyelinError } from '../core/errors.ts';
import {
  type Command,
  type DecisionEnv,
  type Demand,
  decide,
  type ExecutionEvent,
  type ExecutionState,
  hasEnded,
  hasMore,
  next,
} from '../core/execution/index.ts';
import { formatNanos } from '../core/money.ts';
import type { Shortage } from '../ports/ledger.ts';
import type { Commit, CommitResult, NewExecution, Signal } from '../ports/store.ts';
import { type ApprovalHeard, approvalHeard } from './approval-messages.ts';
import { type CommitNeeds, commitOf, type Decision, type Row } from './commit-of.ts';

/** What a resident needs from its worker. */
export interface Owner extends CommitNeeds {
  decisionEnv(): DecisionEnv;
  commit(commit: Commit): Promise<CommitResult>;
  run(resident: Resident, demand: Extract<Demand, { kind: 'task' }>): void;
  /** After each commit. */
  committed(resident: Resident, events: readonly ExecutionEvent[], demands: readonly Demand[]): void;
  /** The execution is not in memory any more. */
  left(resident: Resident, why: Leaving, error?: unknown): void;
}

/** `stale`: it is owned here and must be read again. */
export type Leaving = 'rests' | 'ended' | 'refused' | 'stale' | 'broken';

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
  /** The last that was written here. */
  #before: Row | undefined;
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
    for (const event of events) if (event.type === 'execution.started') this.#startedAt ??= event.at;
    const { state } = this;
    const commit = await commitOf(this.#owner, {
      ...{ ...decided, state, firstSeq, demands, hadEnded, rests: this.#rests() },
      ...{ startedAt: this.#startedAt, create: this.#create, before: this.#before },
    });
    if (this.#recalled) return this.#leave('stale');
    const result = await this.#owner.commit(commit);
    this.#created?.(result);
    this.#created = undefined;
    this.#create = undefined;
    for (const id of taken) this.inHand.delete(id);
    if (result.result === 'stale') return this.#leave('stale');
    if (result.result !== 'committed') return this.#leave('refused');
    const { status, owner, startedAt, finishedAt } = commit;
    this.#before = { status, owner, startedAt, finishedAt };
    // Dropped meanwhile: another owner may be at it already.
    if (this.#gone) return;
    this.#owner.committed(this, events, demands);
    if (this.#recalled) return this.#leave('stale');
    this.#act(demands, result.short);
    if (hasEnded(this.state.status)) this.#leave('ended');
    else if (this.#rests()) this.#leave('rests');
  }

  /** There was nothing to do: what it was taken up for is done, by another. Nobody would come for it here. */
  #idle(): void {
    if (hasEnded(this.state.status) || this.#rests()) this.#leave('stale');
  }

  #decide(): Pick<Decision, 'events' | 'taken' | 'heard'> {
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

  #act(demands: readonly Demand[], short: readonly Shortage[] = []): void {
    for (const demand of demands) {
      if (demand.kind === 'task') this.#begin(demand, short);
      if (demand.kind === 'abort') this.aborts.get(demand.path)?.abort(abortedBy(this.state));
    }
  }

  /** A paid call that a budget refused is not made. */
  #begin(task: Extract<Demand, { kind: 'task' }>, short: readonly Shortage[]): void {
    const shortage = short.find(({ path }) => path === task.path);
    if (shortage === undefined) return this.#owner.run(this, task);
    const { path, attempt } = task;
    this.#commands.push({
      command: { type: 'task-failed', path, attempt, error: budgetExceeded(shortage, this.state.plan.name) },
    });
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

function budgetExceeded({ path, ...shortage }: Shortage, workflow: string): ErrorInfo {
  const { account, limit, spent, reserved, wanted } = shortage;
  const [has, takes] = [limit - spent - reserved, wanted].map((nanos) => formatNanos(Math.max(0, nanos)));
  const field = fieldOf(account);
  const told = `The budget ${toldAccount(account, workflow)} has ${has} left of ${formatNanos(limit)}`;
  const message = `${path}: ${told}; the call may take ${takes}.${field === undefined ? '' : ` It is set by ${field}.`}`;
  return new MyelinError('budget_exceeded', message, shortage).toInfo();
}

function abortedBy(state: ExecutionState): MyelinError {
  return state.status === 'canceled' || state.failure?.error.code === 'canceled'
    ? new MyelinError('interrupted', 'The execution was canceled.')
    : new MyelinError('timeout', 'The execution took longer than its time limit.');
}

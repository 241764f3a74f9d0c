/**
 * Sees every operation of the database and holds what it did against the rules: histories, owners, signals, timers,
 * keys. It believes no answer of the store, it looks at the rows before and after.
 */
import type { Database, ExecutionRecord } from '../../adapters/memory/database.ts';
import {
  type ExecutionEvent,
  type ExecutionState,
  evolve,
  hasEnded,
  isFinal,
  newState,
  replay,
} from '../../core/execution/index.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Commit, SignalBody } from '../../ports/store.ts';
import { HistoryRules } from './history.ts';
import { missingReasons } from './reasons.ts';
import type { Watch } from './store.ts';
import { UndoRules } from './undo-rules.ts';
import type { Life, World } from './world.ts';

/** What is known of an execution so far. */
interface Known {
  readonly state: ExecutionState;
  readonly rules: readonly (HistoryRules | UndoRules)[];
  /** As the database had it after the last operation. */
  owner: string | null;
}

interface KnownSignal {
  readonly executionId: string;
  readonly signal: SignalBody;
}

const READS = new Set([
  'expected',
  'forEvent',
  'callback',
  'histories',
  'signals',
  'signaled',
  'owned',
  'get',
  'list',
  'events',
  'byKey',
  'version',
]);

export class Witness implements Watch {
  readonly #world: World;
  readonly #database: Database;
  readonly #planOf: (workflowId: string, version: number) => Plan;
  readonly #known = new Map<string, Known>();
  readonly #signals = new Map<number, KnownSignal>();
  /** Timers that have fired. */
  readonly #fired = new Set<string>();
  /** Execution by key, as it was created. */
  readonly #keys = new Map<string, string>();
  /** Operations that changed a history. */
  commits = 0;
  events = 0;

  constructor(world: World, database: Database, planOf: (workflowId: string, version: number) => Plan) {
    this.#world = world;
    this.#database = database;
    this.#planOf = planOf;
  }

  during<T>(by: Life, call: string, about: unknown, effect: () => T): T {
    const result = effect();
    if (READS.has(call)) return result;
    const commits = call === 'commit' ? (about as readonly Commit[]) : [];
    for (const record of this.#database.executions.values()) this.#look(by, call, record, commits);
    this.#lookAtSignals(by, call, commits);
    for (const { state } of this.#known.values()) {
      for (const missing of missingReasons(this.#database, state)) {
        this.#world.blame(`${state.id} waits for ${missing} (after ${call} of ${by.name})`);
      }
    }
    return result;
  }

  /** As its history tells it so far. */
  state(executionId: string): ExecutionState {
    return (this.#known.get(executionId) as Known).state;
  }

  /** The caller was told that its execution is there. */
  acknowledged(executionId: string, key: string | undefined): void {
    this.#world.say('client', () => `is told that ${executionId} is there`);
    if (!this.#database.executions.has(executionId)) this.#world.blame(`${executionId} is acknowledged and not there`);
    if (key === undefined) return;
    const first = this.#keys.get(key);
    if (first !== executionId) this.#world.blame(`key ${key} began ${first}, and ${executionId} is acknowledged`);
  }

  /** Every history from its first event, as a process would read it that has never seen it. */
  replayAll(): void {
    for (const { id, projectId, events, status } of this.#database.executions.values()) {
      const live = this.state(id);
      const history = events.map(({ type, at, data }) => ({ type, at, data: JSON.parse(data) }) as ExecutionEvent);
      const state = replay(id, projectId, live.plan, history);
      if (state.status !== status || state.seq !== live.seq || state.waits.size !== live.waits.size) {
        this.#world.blame(`the history of ${id} leads to ${state.status} at ${state.seq}; stored is ${status}`);
      }
    }
  }

  #look(by: Life, call: string, record: ExecutionRecord, commits: readonly Commit[]): void {
    const known = this.#known.get(record.id) ?? this.#meet(record);
    const before = known.owner;
    known.owner = record.owner;
    const fresh = record.events.slice(known.state.seq);
    if (fresh.length > 0) {
      this.commits += 1;
      this.#heldBy(by, record, before, known.state.seq === 0, commits);
      this.#world.say(by.name, () => `writes ${record.id}: ${fresh.map(briefly).join(', ')} [${record.status}]`);
      for (const { type, at, data } of fresh)
        this.#append(known, { type, at, data: JSON.parse(data) } as ExecutionEvent);
      const { status } = known.state;
      // Something is left to do although it waits: the queue has to find it.
      const agrees = record.status === status || (record.status === 'running' && status === 'waiting');
      if (!agrees) this.#world.blame(`${record.id} is stored as ${record.status}; its history says ${status}`);
    }
    if (call === 'claim' && before !== null && record.owner !== before) {
      this.#world.blame(`${by.name} claims ${record.id}, which ${before} owns`);
    }
    if (record.owner !== before && fresh.length === 0) {
      this.#world.say(
        by.name,
        () => `${call}: ${record.id} goes from ${before ?? 'nobody'} to ${record.owner ?? 'nobody'}`,
      );
    }
    if (call === 'quarantine' && record.status !== known.state.status) {
      this.#world.blame(`${by.name} sets ${record.id} aside: ${record.error}`);
    }
  }

  #meet(record: ExecutionRecord): Known {
    const { id, projectId, workflowId, version } = record;
    const state = newState(id, projectId, this.#planOf(workflowId, version));
    const known = { state, rules: [new HistoryRules(), new UndoRules()], owner: null };
    this.#known.set(id, known);
    return known;
  }

  #append({ state, rules }: Known, event: ExecutionEvent): void {
    this.events += 1;
    for (const rule of rules) {
      const wrong = rule.check(event, state);
      if (wrong !== undefined) this.#world.blame(`history of ${state.id}: ${wrong}`);
    }
    try {
      evolve(state, event);
      state.due = [];
    } catch (error) {
      this.#world.blame(`history of ${state.id}: ${event.type} is refused: ${(error as Error).message}`);
    }
  }

  /** Only the owner writes; what begins has none yet, and begins once for its key. */
  #heldBy(by: Life, record: ExecutionRecord, owner: string | null, isNew: boolean, commits: readonly Commit[]): void {
    // A batch may hold one of an old name of the worker too, which was refused.
    const all = commits.filter((one) => one.executionId === record.id);
    const own = all.find((one) => one.writer === owner) ?? all[0];
    if (!isNew && owner !== own?.writer) {
      this.#world.blame(`${own?.writer ?? 'nobody'} (${by.name}) writes ${record.id}, which ${owner ?? 'nobody'} owns`);
    }
    const key = own?.create?.key?.key;
    if (!isNew || key === undefined) return;
    const first = this.#keys.get(key);
    if (first !== undefined) this.#world.blame(`key ${key} begins ${record.id}, and it has begun ${first}`);
    this.#keys.set(key, record.id);
  }

  /** A signal leaves only with the decision it led to, or with an execution that has ended for good. */
  #lookAtSignals(by: Life, call: string, commits: readonly Commit[]): void {
    const present = new Set<number>();
    for (const [executionId, records] of this.#database.signals) {
      for (const { id, body } of records) {
        present.add(id);
        if (!this.#signals.has(id)) this.#arrives(by, id, { executionId, signal: JSON.parse(body) });
      }
    }
    for (const [id, { executionId, signal }] of this.#signals) {
      if (present.has(id)) continue;
      this.#signals.delete(id);
      const status = this.#known.get(executionId)?.state.status;
      const taken = commits.some((one) => one.executionId === executionId && one.taken.includes(String(id)));
      const late = status !== undefined && isFinal(status);
      if (!taken && !late) this.#world.blame(`${call} of ${by.name} loses the signal ${signal.type} to ${executionId}`);
      if (taken) this.#taken(executionId, signal);
    }
  }

  #arrives(by: Life, id: number, known: KnownSignal): void {
    const { executionId, signal } = known;
    this.#signals.set(id, known);
    this.#world.say(
      by.name,
      () => `signals ${executionId}: ${signal.type}${'timerId' in signal ? ` ${signal.timerId}` : ''}`,
    );
    if (signal.type !== 'timer') return;
    if (this.#fired.has(signal.timerId)) this.#world.blame(`timer ${signal.timerId} of ${executionId} fires twice`);
    this.#fired.add(signal.timerId);
  }

  /** A signal that was taken has done what it is for. */
  #taken(executionId: string, signal: SignalBody): void {
    const state = this.#known.get(executionId)?.state;
    if (state === undefined || hasEnded(state.status)) return;
    const waited =
      signal.type === 'timer' ? signal.timerId : signal.type === 'child-ended' ? signal.executionId : undefined;
    const isEnding = state.failure !== null;
    const ignored = (signal.type === 'cancel' && !isEnding) || (waited !== undefined && state.waits.has(waited));
    if (ignored) this.#world.blame(`${executionId} has taken the signal ${signal.type} and goes on as if it had not`);
  }
}

function briefly({ type, data }: { type: string; data: string }): string {
  const { path, attempt, port, error } = JSON.parse(data);
  const parts = [path, attempt === undefined ? undefined : `#${attempt}`, port, error?.code];
  return [type, ...parts.filter((part) => part !== undefined && part !== null)].join(' ');
}

/**
 * What this process tells of the triggers that listen by themselves (brokers, polls, tables): at once where one goes
 * well or wrong, else every few seconds, which also says that the process lives. All of it is one statement.
 */
import type { ErrorInfo } from '../core/errors.ts';
import type { TriggerStatus } from '../core/trigger-state.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { TriggerState, TriggerStateStore } from '../ports/trigger-states.ts';
import type { ListeningTrigger } from '../ports/workflows.ts';
import type { Changed } from './changes.ts';
import { Loop } from './loop.ts';

export interface TriggerStatesOptions {
  readonly store: TriggerStateStore;
  readonly runtime: Runtime;
  readonly changed?: Changed;
}

type Trigger = Pick<ListeningTrigger, 'id' | 'projectId'>;

/** Between two statements where nothing goes otherwise than before. */
const EVERY_MS = 5_000;
const IDLE_MS = 3_600_000;
/** Who was not heard for so long is gone. */
export const SILENT_MS = 20_000;

export class TriggerStates implements Service {
  readonly #options: TriggerStatesOptions;
  readonly #loop: Loop;
  readonly #process: string;
  readonly #states = new Map<string, TriggerState>();
  /** Projects of which something is not told yet. */
  readonly #news = new Set<string>();

  constructor(options: TriggerStatesOptions) {
    const { runtime } = options;
    this.#options = options;
    this.#process = runtime.id();
    this.#loop = new Loop({ name: 'trigger states', runtime, round: () => this.#round() });
  }

  starting(trigger: Trigger): void {
    this.#set(trigger, 'starting', null);
  }

  running(trigger: Trigger): void {
    this.#set(trigger, 'running', null);
  }

  failed(trigger: Trigger, error: ErrorInfo): void {
    this.#set(trigger, 'error', error);
  }

  /** Messages, or items of a poll, that are durable now. */
  took({ id, projectId }: Trigger, count: number): void {
    const before = this.#states.get(id);
    if (before === undefined || count === 0) return;
    const messages = before.messages + count;
    this.#states.set(id, { ...before, messages, lastMessageAt: this.#options.runtime.now() });
    this.#news.add(projectId);
  }

  /** Messages that wait outside. */
  lag({ id }: Trigger, lag: number): void {
    const before = this.#states.get(id);
    if (before !== undefined) this.#states.set(id, { ...before, lag });
  }

  /** This process has nothing to do with it any more. */
  drop({ id, projectId }: Trigger): void {
    if (this.#states.delete(id)) this.#tellSoon(projectId);
  }

  start(): void {
    this.#loop.start();
  }

  /** The others hear that this process has none any more. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    const isKnown = this.#states.size > 0;
    this.#states.clear();
    if (isKnown) await this.#tell().catch(() => undefined);
  }

  runOnce(): Promise<void> {
    return this.#tell();
  }

  #set({ id, projectId }: Trigger, status: TriggerStatus, error: ErrorInfo | null): void {
    const before = this.#states.get(id);
    const fresh = { projectId, triggerId: id, lastMessageAt: null, messages: 0, lag: null };
    const same = before?.status === status;
    if (same && before.error?.message === error?.message) return;
    const since = same ? before.since : this.#options.runtime.now();
    this.#states.set(id, { ...(before ?? fresh), status, error, since });
    this.#tellSoon(projectId);
  }

  #tellSoon(projectId: string): void {
    this.#news.add(projectId);
    this.#loop.wake();
  }

  async #round(): Promise<number> {
    if (this.#states.size === 0 && this.#news.size === 0) return IDLE_MS;
    await this.#tell();
    return EVERY_MS;
  }

  async #tell(): Promise<void> {
    const { store, changed } = this.#options;
    const news = [...this.#news];
    this.#news.clear();
    try {
      await store.tell(this.#process, [...this.#states.values()], SILENT_MS);
    } catch (error) {
      for (const projectId of news) this.#news.add(projectId);
      throw error;
    }
    for (const projectId of news) changed?.(projectId, ['triggers']);
  }
}

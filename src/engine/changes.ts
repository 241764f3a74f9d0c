/**
 * Tells all processes what the commits and the API of this one have changed, for the pages that people look at. It
 * gathers in memory and tells at most five times a second, all projects in one statement, and nothing where nothing
 * changed: a commit costs a look into two maps.
 */
import type { Topic } from '../core/topics.ts';
import { type LiveStore, MAX_TOLD } from '../ports/live.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Commit, CommitResult } from '../ports/store.ts';
import { Gathering } from './gathering.ts';
import { Loop } from './loop.ts';

export interface ChangesOptions {
  readonly store: LiveStore;
  readonly runtime: Runtime;
}

/** How the parts of the engine say that something of a project changed outside of a commit. */
export type Changed = (projectId: string, topics: readonly Topic[]) => void;

/** Between two statements. */
const EVERY_MS = 200;
const IDLE_MS = 3_600_000;

export class Changes implements Service {
  readonly #store: LiveStore;
  readonly #runtime: Runtime;
  readonly #loop: Loop;
  #gathered = new Map<string, Gathering>();
  #missed = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor({ store, runtime }: ChangesOptions) {
    this.#store = store;
    this.#runtime = runtime;
    this.#loop = new Loop({ name: 'changes', runtime, round: () => this.#round() });
  }

  /** What the committer has written, with the results in the same order. */
  committed(commits: readonly Commit[], results: readonly CommitResult[]): void {
    for (const [index, commit] of commits.entries()) {
      if (results[index]?.result === 'committed') this.#note(commit);
    }
  }

  touch(projectId: string, topics: readonly Topic[]): void {
    if (topics.length === 0) return;
    const gathering = this.#of(projectId);
    for (const topic of topics) gathering.touch(topic);
  }

  /** Another process died, perhaps before it told what it had changed: everybody is to read everything again. */
  missed(): void {
    this.#missed = true;
    this.#loop.wake();
  }

  start(): void {
    this.#loop.start();
  }

  /** What is left is told. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#tell().catch(() => undefined);
  }

  async runOnce(): Promise<void> {
    await this.#tell();
  }

  #note({ projectId, executionId: id, workflowId, status, children, ...commit }: Commit): void {
    const gathering = this.#of(projectId);
    gathering.touchExecution({ id, workflowId, status });
    // A close does not say of which kind the question was.
    if (commit.closes !== undefined || commit.opens?.some(({ kind }) => kind === 'approval')) {
      gathering.touch('approvals');
    }
    if (commit.letter !== undefined || commit.revived === true) gathering.touch('dead-letters');
    if (commit.calls !== undefined || commit.settles !== undefined) gathering.touch('usage');
    for (const child of children) this.#note(child);
  }

  #of(projectId: string): Gathering {
    const known = this.#gathered.get(projectId);
    if (known !== undefined) return known;
    const gathering = new Gathering(projectId, MAX_TOLD);
    if (this.#gathered.size === 0) this.#loop.wake();
    this.#gathered.set(projectId, gathering);
    return gathering;
  }

  async #round(): Promise<number> {
    if (this.#gathered.size === 0 && !this.#missed) return IDLE_MS;
    const wait = this.#toldAt + EVERY_MS - this.#runtime.now();
    // A clock that was set back must not put it off.
    if (wait > 0 && wait <= EVERY_MS) return wait;
    this.#toldAt = this.#runtime.now();
    await this.#tell();
    return this.#gathered.size === 0 ? IDLE_MS : EVERY_MS;
  }

  /** What could not be told stays gathered. */
  async #tell(): Promise<void> {
    if (this.#missed) {
      await this.#store.tellMissed();
      this.#missed = false;
    }
    const gathered = this.#gathered;
    if (gathered.size === 0) return;
    this.#gathered = new Map();
    try {
      await this.#store.tell([...gathered.values()].map((one) => one.change));
    } catch (error) {
      for (const [projectId, { change }] of gathered) this.#of(projectId).add(change);
      throw error;
    }
  }
}

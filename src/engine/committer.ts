/**
 * All writes of a process go through here: whatever is ready is written as one transaction, two at a time. While one
 * is on its way the next gathers, so batches grow with the load and a lone commit waits for nobody.
 *
 * When the database goes away in the middle of a commit, the outcome is unknown: it is read back before anything is
 * written again (fault F10). Commits wait as long as that takes; callers with a deadline stop waiting by themselves.
 */
import type { Runtime } from '../ports/runtime.ts';
import type { Commit, CommitResult, ExecutionStore } from '../ports/store.ts';
import { failpoint } from './failpoint.ts';
import { isUnavailable } from './unavailable.ts';

interface Waiting {
  readonly commits: readonly Commit[];
  readonly done: (results: CommitResult[]) => void;
  readonly failed: (error: unknown) => void;
}

export interface CommitterOptions {
  readonly store: ExecutionStore;
  readonly runtime: Runtime;
  /** Commits in one transaction at most. */
  readonly batch: number;
  /** Told of whatever was written, refusals among it. */
  readonly written?: (commits: readonly Commit[], results: readonly CommitResult[]) => void;
}

const IN_FLIGHT = 2;
const RETRY_MS = 100;
/** A transaction on its way for so long gets no answer any more. */
const SILENT_MS = 2_000;

export class Committer {
  readonly #options: CommitterOptions;
  #waiting: Waiting[] = [];
  #inFlight = 0;
  /** When the transactions on their way began, oldest first. */
  readonly #since = new Set<number>();
  #scheduled = false;
  #down = false;
  #stopped = false;
  #idle: (() => void)[] = [];
  /** Transactions so far. */
  batches = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** False while the database does not answer: what comes now would wait. */
  get available(): boolean {
    if (this.#down) return false;
    const [oldest] = this.#since;
    return oldest === undefined || this.#options.runtime.now() - oldest < SILENT_MS;
  }

  async commit(commit: Commit): Promise<CommitResult> {
    const [result] = await this.commitAll([commit]);
    return result as CommitResult;
  }

  /** Together in one transaction. */
  commitAll(commits: readonly Commit[]): Promise<CommitResult[]> {
    return new Promise((done, failed) => {
      this.#waiting.push({ commits, done, failed });
      this.#schedule();
    });
  }

  /** Resolves when everything handed in is written; gives up on a database that does not answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#inFlight === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= IN_FLIGHT || this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#options.runtime.soon(() => {
      this.#scheduled = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#take();
    if (batch.length === 0) return;
    const began = this.#options.runtime.now() + this.#inFlight / 10;
    this.#since.add(began);
    this.#inFlight += 1;
    this.#schedule();
    await this.#write(batch);
    this.#inFlight -= 1;
    this.#since.delete(began);
    this.#schedule();
    if (this.#inFlight > 0 || this.#waiting.length > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #take(): Waiting[] {
    let count = 0;
    let taken = 0;
    for (const one of this.#waiting) {
      if (taken > 0 && count + one.commits.length > this.#options.batch) break;
      count += one.commits.length;
      taken += 1;
    }
    return this.#waiting.splice(0, taken);
  }

  /**
   * `again`: an earlier transaction with the same got no answer and was not there when it was looked for. It may have
   * been under way all the same; ours then waits for its end, and is refused because of it.
   */
  async #write(batch: readonly Waiting[], again = false): Promise<void> {
    const { store } = this.#options;
    try {
      failpoint('committer.before-commit');
      const results = await store.commit(batch.flatMap((one) => one.commits));
      failpoint('committer.after-commit');
      this.batches += 1;
      this.#down = false;
      let at = 0;
      for (const one of batch) {
        const own = results.slice(at, at + one.commits.length);
        const isLate = again && own[0]?.result !== 'committed' && (await isWritten(store, one.commits));
        this.#answer(one, isLate ? allCommitted(one) : own);
        at += one.commits.length;
      }
    } catch (error) {
      if (isUnavailable(error)) await this.#readBack(batch, error);
      else if (batch.length > 1) for (const one of batch) await this.#write([one], again);
      else for (const one of batch) await this.#refuse(one, error, again);
    }
  }

  #answer({ commits, done }: Waiting, results: CommitResult[]): void {
    done(results);
    this.#options.written?.(commits, results);
  }

  async #refuse(one: Waiting, error: unknown, again: boolean): Promise<void> {
    const isLate = again && (await isWritten(this.#options.store, one.commits).catch(() => false));
    if (isLate) this.#answer(one, allCommitted(one));
    else one.failed(error);
  }

  /** Waits until the database answers, then writes what it does not have. */
  async #readBack(batch: readonly Waiting[], error: unknown): Promise<void> {
    const { runtime, store } = this.#options;
    if (!this.#down) runtime.log.warn({}, 'PostgreSQL does not answer; commits wait');
    this.#down = true;
    while (!this.#stopped) {
      await runtime.sleep(RETRY_MS);
      try {
        const left: Waiting[] = [];
        for (const one of batch) {
          if (await isWritten(store, one.commits)) this.#answer(one, allCommitted(one));
          else left.push(one);
        }
        if (this.#down) runtime.log.info({}, 'PostgreSQL answers again');
        this.#down = false;
        if (left.length > 0) await this.#write(left, true);
        return;
      } catch (again) {
        if (isUnavailable(again)) continue;
        for (const one of batch) one.failed(again);
        return;
      }
    }
    for (const one of batch) one.failed(error);
  }
}

const allCommitted = ({ commits }: Waiting): CommitResult[] => commits.map(() => ({ result: 'committed' }));

/** A transaction is there whole or not at all: the first event of its first commit tells. */
async function isWritten(store: ExecutionStore, commits: readonly Commit[]): Promise<boolean> {
  const [first] = commits;
  const [event] = first?.events ?? [];
  if (first === undefined || event === undefined) return false;
  const [stored] = await store.events(first.projectId, first.executionId, first.firstSeq - 1, 1);
  return stored !== undefined && stored.type === event.type && stored.at === event.at;
}

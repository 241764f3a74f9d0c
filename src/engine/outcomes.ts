/** Tells those who wait inside this process how an execution answered or ended. */
import type { Outcome } from '../core/execution/index.ts';
import type { Response } from '../core/node-type.ts';

/** What came first: the answer of a `respond` node, or the end. */
export type Answer = { readonly response: Response } | { readonly outcome: Outcome };

export class Outcomes {
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #watching = new Map<string, Set<() => void>>();

  /** Resolves with the first answer; null when `give up` fires before. Register before the execution starts. */
  wait(executionId: string, giveUp: AbortSignal): Promise<Answer | null> {
    return new Promise((resolve) => {
      const end = (answer: Answer | null) => {
        this.#waiting.delete(executionId);
        giveUp.removeEventListener('abort', stop);
        resolve(answer);
      };
      const stop = () => end(null);
      this.#waiting.set(executionId, end);
      giveUp.addEventListener('abort', stop, { once: true });
    });
  }

  tell(executionId: string, answer: Answer): void {
    this.#waiting.get(executionId)?.(answer);
  }

  /** Calls back after each commit of the execution that this process makes; returns how to stop. */
  watch(executionId: string, changed: () => void): () => void {
    const all = this.#watching.get(executionId) ?? new Set();
    all.add(changed);
    this.#watching.set(executionId, all);
    return () => {
      all.delete(changed);
      if (all.size === 0) this.#watching.delete(executionId);
    };
  }

  changed(executionId: string): void {
    for (const call of this.#watching.get(executionId) ?? []) call();
  }
}

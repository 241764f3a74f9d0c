/** The row of an execution as it was after the events so far: the one in the store tells of now. */
import type { ErrorInfo } from '../core/errors.ts';
import type { ExecutionEvent, Status } from '../core/execution/index.ts';
import type { ExecutionRow } from '../ports/store.ts';

export class PastRow {
  readonly #now: ExecutionRow;
  #status: Status = 'pending';
  #startedAt: number | null = null;
  #finishedAt: number | null = null;
  #error: ErrorInfo | null = null;

  constructor(now: ExecutionRow) {
    this.#now = now;
  }

  add({ type, at, data }: ExecutionEvent): void {
    switch (type) {
      case 'execution.started':
        this.#status = 'running';
        this.#startedAt ??= at;
        return;
      case 'execution.retried':
        this.#status = 'pending';
        this.#finishedAt = null;
        this.#error = null;
        return;
      case 'execution.compensating':
        this.#status = 'compensating';
        this.#finishedAt = null;
        this.#error = data.error;
        return;
      case 'execution.failed':
        return this.#end('failed', at, data.error);
      case 'execution.completed':
        return this.#end('completed', at, null);
      case 'execution.canceled':
        return this.#end('canceled', at, null);
      case 'execution.compensated':
        return this.#end('compensated', at, this.#error);
      case 'execution.compensation_failed':
        return this.#end('compensation_failed', at, data.error);
      default:
        return;
    }
  }

  /** `status` where the engine's state is known, which tells running from waiting. */
  row(status: Status = this.#status): ExecutionRow {
    const times = { startedAt: this.#startedAt, finishedAt: this.#finishedAt };
    return { ...this.#now, status, ...times, error: this.#error };
  }

  #end(status: Status, at: number, error: ErrorInfo | null): void {
    this.#status = status;
    this.#finishedAt = at;
    this.#error = error;
  }
}

/** Counts since the start of the process, for `/metrics`. */
import { classify } from '../core/dead-letter.ts';
import type { Category } from '../core/errors.ts';
import { type EventType, type ExecutionEvent, type ExecutionState, failureOf } from '../core/execution/index.ts';
import { CallStats } from './call-stats.ts';

export class Stats {
  readonly events = new Map<EventType, number>();
  readonly calls = new CallStats();
  /** Executions and messages that left a dead letter. */
  readonly letters = new Map<Category, number>();
  /** Messages that were delivered, or set aside. */
  relayed = 0;
  /** Those that groups got which read on by themselves. */
  caughtUp = 0;
  /** Events that feeds have sent. */
  fed = 0;
  /** Executions that schedules started, and those of them that were late. */
  scheduled = 0;
  scheduledLate = 0;

  /** Of an execution that has just ended. */
  countEnd(state: ExecutionState): void {
    const failure = state.parent === null ? failureOf(state) : undefined;
    if (failure === undefined) return;
    this.countLetter(classify(failure.error).category);
  }

  countLetter(category: Category): void {
    this.letters.set(category, (this.letters.get(category) ?? 0) + 1);
  }

  countScheduled(isLate: boolean): void {
    this.scheduled += 1;
    if (isLate) this.scheduledLate += 1;
  }

  count(events: readonly ExecutionEvent[]): void {
    for (const { type } of events) this.events.set(type, (this.events.get(type) ?? 0) + 1);
  }
}

/** Counts since the start of the process, for `/metrics`. */
import type { EventType, ExecutionEvent } from '../core/execution/index.ts';

export class Stats {
  readonly events = new Map<EventType, number>();
  /** Messages that have left the outbox. */
  relayed = 0;

  count(events: readonly ExecutionEvent[]): void {
    for (const { type } of events) this.events.set(type, (this.events.get(type) ?? 0) + 1);
  }
}

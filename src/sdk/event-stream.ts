/** The history of an execution as it grows, over broken connections. */
import { type EventAnswer, eventSchema } from '../contract/executions.ts';
import { isEnd } from '../core/execution/status.ts';
import { eventSource, readData, type SourceOptions } from './event-source.ts';
import type { Transport } from './transport.ts';

export interface FollowOptions extends SourceOptions {
  /** Sequence number of the last event you have; default 0, from the beginning. */
  readonly after?: number;
}

/** Ends when the execution has. Throws `ApiError`, or the reason of `signal`. */
export async function* followEvents(
  transport: Transport,
  id: string,
  options: FollowOptions = {},
): AsyncGenerator<EventAnswer, void, undefined> {
  let after = options.after ?? 0;
  let last: EventAnswer | undefined;
  const source = {
    operation: 'listExecutionEvents' as const,
    request: () => ({ params: { id }, headers: after > 0 ? { 'last-event-id': String(after) } : {} }),
    isOver: () => last !== undefined && isEnd(last.type),
  };
  for await (const { data } of eventSource(transport, source, options)) {
    const event = readData(eventSchema, data);
    if (event.seq <= after) continue;
    after = event.seq;
    last = event;
    yield event;
  }
}

/** What changes in the project, over broken connections: after each, `sync` says that everything is to be read again. */
import { type LiveEvent, liveEventSchema } from '../contract/live.ts';
import { eventSource, readData, type SourceOptions } from './event-source.ts';
import type { Transport } from './transport.ts';

/** Has no end but that of `signal`, whose reason it throws. Throws `ApiError` too. */
export async function* followLive(
  transport: Transport,
  options: SourceOptions = {},
): AsyncGenerator<LiveEvent, void, undefined> {
  const source = { operation: 'followChanges' as const, request: () => ({}), isOver: () => false };
  for await (const { data } of eventSource(transport, source, options)) yield readData(liveEventSchema, data);
}

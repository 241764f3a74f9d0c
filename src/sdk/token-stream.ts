/** What models say in an execution, as they say it, over broken connections: no piece is missing, none comes twice. */
import { type StreamEventAnswer, streamEventSchema } from '../contract/executions.ts';
import { eventSource, readData, type SourceOptions } from './event-source.ts';
import type { Transport } from './transport.ts';

export interface StreamOptions extends SourceOptions {
  /** `start`: also the texts of calls that have ended. Default `now`: those that go on, each from its beginning. */
  readonly from?: 'now' | 'start';
  /** `id` of the last event you have, from whichever server. */
  readonly after?: string;
}

/** Send `id` as `after` to go on after it. */
export type StreamEvent = StreamEventAnswer & { readonly id: string };

/** Ends when the execution has. Throws `ApiError`, or the reason of `signal`. */
export async function* streamTokens(
  transport: Transport,
  id: string,
  options: StreamOptions = {},
): AsyncGenerator<StreamEvent, void, undefined> {
  const { from } = options;
  let after = options.after ?? '';
  let hasEnded = false;
  const had = new HadTexts();
  const source = {
    operation: 'streamExecution' as const,
    request: () => ({ params: { id }, query: { from }, headers: after === '' ? {} : { 'last-event-id': after } }),
    isOver: () => hasEnded,
    moved: (last: string) => {
      after = last;
    },
  };
  for await (const frame of eventSource(transport, source, options)) {
    if (frame.id !== '') after = frame.id;
    const event = had.rest(readData(streamEventSchema, frame.data));
    if (event === undefined) continue;
    hasEnded = event.type === 'end';
    yield { ...event, id: after };
  }
}

/**
 * Where very many calls go on at once, an id does not fit into a request, and the server goes on from an older one:
 * what came already is left out by its offset.
 */
class HadTexts {
  readonly #ends = new Map<string, { readonly attempt: number; readonly offset: number }>();

  rest(event: StreamEventAnswer): StreamEventAnswer | undefined {
    if (event.type === 'end') return event;
    const { path, attempt } = event;
    const end = this.#ends.get(path);
    const isKnown = end?.attempt === attempt;
    if (event.type === 'call') {
      if (event.state === 'started') return isKnown ? undefined : event;
      this.#ends.delete(path);
      return event;
    }
    if (event.type === 'reset') {
      this.#ends.delete(path);
      return event;
    }
    const from = isKnown ? end.offset : 0;
    const skip = Math.max(0, from - event.offset);
    if (skip >= event.text.length) return undefined;
    this.#ends.set(path, { attempt, offset: event.offset + event.text.length });
    return skip === 0 ? event : { ...event, offset: from, text: event.text.slice(skip) };
  }
}

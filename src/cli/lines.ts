/** What a person types, line by line, with a prompt on a terminal; lines of a pipe else. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Context } from './context.ts';
import { usage } from './exit.ts';

interface Typed {
  readonly text: string;
  /** Fires when Ctrl-C asks to end what the line has begun. */
  readonly signal: AbortSignal;
}

const PROMPT = 'you> ';

/** Empty lines are left out. Ends with the input, or with Ctrl-C between two lines. */
export async function* typedLines({ io, json, style }: Context): AsyncGenerator<Typed, void> {
  if (io.stdin === undefined) throw usage('There is no standard input to read.');
  const isTyped = io.isTTY && !json;
  const stdin = Readable.from(io.stdin);
  const reader = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
  // Lines that come during a turn wait for its end.
  const lines = reader[Symbol.asyncIterator]();
  let turn: AbortController | undefined;
  const ended = new AbortController();
  const stop = io.onInterrupt?.(() => (turn ?? ended).abort());
  const end = once(ended.signal, 'abort').then(() => ({ done: true as const, value: undefined }));
  try {
    for (;;) {
      if (isTyped) io.stdout.write(style.cyan(PROMPT));
      const next = await Promise.race([lines.next(), end]);
      if (next.done) break;
      const text = next.value.trim();
      if (text === '') continue;
      turn = new AbortController();
      const signals = io.signal === undefined ? [turn.signal] : [turn.signal, io.signal];
      yield { text, signal: AbortSignal.any(signals) };
      turn = undefined;
    }
    if (isTyped) io.stdout.write('\n');
  } finally {
    stop?.();
    reader.close();
    stdin.destroy();
  }
}

/** Messages that have come and are not acknowledged; two batches at most, the second comes while the first is taken. */
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';

export interface Inbox {
  /** Whatever has come, at least one message; null when the signal has ended it. Rejects where the consumer breaks. */
  next(): Promise<JsMsg[] | null>;
  /** The batch that was given last is acknowledged. */
  done(): void;
  /** Of all that are in hand. */
  each(act: (message: JsMsg) => void): void;
  /** Resolves when nothing comes any more. */
  close(): Promise<void>;
}

/** How long the server keeps a request for messages. */
const WAIT_MS = 10_000;

export function inboxOf(consumer: Consumer, limit: number, signal: AbortSignal): Inbox {
  const waiting: JsMsg[] = [];
  let given: JsMsg[] = [];
  let isOver = false;
  let broken: unknown;
  let coming: ConsumerMessages | undefined;
  let wakeReader = () => {};
  let wakePuller = () => {};

  function stop(): void {
    isOver = true;
    coming?.stop();
    signal.removeEventListener('abort', stop);
    wakeReader();
    wakePuller();
  }

  async function pull(): Promise<void> {
    while (!isOver) {
      coming = await consumer.fetch({ max_messages: limit, expires: WAIT_MS });
      if (isOver) coming.stop();
      for await (const one of coming) {
        waiting.push(one);
        wakeReader();
      }
      while (waiting.length > 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wakePuller = resolve;
        });
      }
    }
  }

  async function next(): Promise<JsMsg[] | null> {
    for (;;) {
      if (isOver) return null;
      given = waiting.splice(0, limit);
      wakePuller();
      if (given.length > 0) return given;
      if (broken !== undefined) throw broken;
      await new Promise<void>((resolve) => {
        wakeReader = resolve;
      });
    }
  }

  if (signal.aborted) isOver = true;
  signal.addEventListener('abort', stop);
  const pulling = pull().catch((error: unknown) => {
    broken = error;
    wakeReader();
  });
  return {
    next,
    done: () => {
      given = [];
    },
    each: (act) => {
      for (const one of [...given, ...waiting]) act(one);
    },
    close: async () => {
      stop();
      await pulling;
    },
  };
}

/** A broker whose library is loaded when somebody uses it: most installations need one of them, or none. */
import type { Broker, Sender } from '../ports/brokers.ts';

/** What `load` rejects with, whoever uses the broker gets; the next use tries again. */
export function lateBroker(about: Pick<Broker, 'type' | 'keepsOrder'>, load: () => Promise<Broker>): Broker {
  const broker = once(load);
  return {
    ...about,
    consume: async (subscription, signal) => {
      const { consume } = await broker.get();
      if (!signal.aborted) await consume(subscription, signal);
    },
    sender: (connection) => lateSender(async () => (await broker.get()).sender(connection)),
    test: async (config, signal) => (await broker.get()).test(config, signal),
    close: async () => (await broker.known())?.close(),
  };
}

function lateSender(open: () => Promise<Sender>): Sender {
  const sender = once(open);
  let opened: Sender | undefined;
  return {
    send: async (messages, signal) => {
      opened = await sender.get();
      return await opened.send(messages, signal);
    },
    get isBroken() {
      return opened?.isBroken ?? false;
    },
    close: async () => (await sender.known())?.close(),
  };
}

/** Made by the first who wants it, and again where that failed; `known` waits for one that is being made. */
function once<T>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    known: async () => await made?.catch(() => undefined),
  };
}

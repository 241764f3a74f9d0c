/**
 * Takes messages from the outbox to whoever listens, one process at a time, and only then removes them: one that dies
 * in between leaves them to the next, who delivers them again under the same ids. One that cannot be delivered holds
 * back what follows it under its key, and nothing else.
 */
import { type ErrorInfo, MyelinError, toErrorInfo } from '../core/errors.ts';
import type { OutboxMessage, OutboxStore, PutOff, Relayed } from '../ports/outbox.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Deliverer } from './deliverer.ts';
import { failpoint } from './failpoint.ts';
import { Loop } from './loop.ts';
import type { Stats } from './stats.ts';

export interface RelayOptions {
  readonly outbox: OutboxStore;
  readonly runtime: Runtime;
  readonly stats: Stats;
  /** In this order; a broker is one more. */
  readonly deliverers: readonly Deliverer[];
  /** Keeps what cannot be delivered for a person to look at. Absent: it is tried for ever. */
  readonly setAside?: (message: OutboxMessage, error: ErrorInfo) => Promise<void>;
}

/** Messages of one round; at most 256 KiB each. */
const BATCH = 256;
/** Between looks when nobody wakes the relay: the process that relayed may have died. */
const LOOK_MS = 1_000;
/** The pause after the first failed delivery; each is twice the one before. */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Some four minutes. */
const ATTEMPTS = 10;

export class Relay implements Service {
  readonly #options: RelayOptions;
  readonly #loop: Loop;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'relay', runtime: options.runtime, round: () => this.#round() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  runOnce(): Promise<void> {
    return this.#loop.runOnce();
  }

  /** Messages were written. */
  wake(): void {
    this.#loop.wake();
  }

  async #round(): Promise<number> {
    const { outbox, runtime } = this.#options;
    const handed = await outbox.relay(runtime.now(), BATCH, (messages) => this.#relay(messages));
    return handed === BATCH ? 0 : LOOK_MS;
  }

  async #relay(messages: readonly OutboxMessage[]): Promise<Relayed> {
    failpoint('relay.before-deliver');
    const failed = new Map<number, ErrorInfo>();
    for (const deliverer of this.#options.deliverers) await this.#deliver(deliverer, messages, failed);
    failpoint('relay.after-deliver');
    const done: number[] = [];
    const putOff: PutOff[] = [];
    for (const message of messages) {
      const error = failed.get(message.id);
      const until = error === undefined ? null : await this.#giveUpOrWait(message, error);
      if (until === null) done.push(message.id);
      else putOff.push({ id: message.id, error: error as ErrorInfo, until });
    }
    this.#options.stats.relayed += done.length;
    return { done, putOff };
  }

  /** What one deliverer could not take goes on to the others all the same. */
  async #deliver(
    deliverer: Deliverer,
    messages: readonly OutboxMessage[],
    failed: Map<number, ErrorInfo>,
  ): Promise<void> {
    try {
      for (const { message, error } of await deliverer.deliver(messages)) note(failed, message, error);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      // One of them is at fault: found by delivering each alone, which harms none that arrived already.
      await this.#oneByOne(deliverer, messages, failed);
    }
  }

  async #oneByOne(
    deliverer: Deliverer,
    messages: readonly OutboxMessage[],
    failed: Map<number, ErrorInfo>,
  ): Promise<void> {
    const held = new Map<string, ErrorInfo>();
    for (const message of messages) {
      const before = held.get(keyOf(message));
      const error = before ?? (await attempt(deliverer, message));
      if (error === undefined) continue;
      note(failed, message, error);
      if (error.kind === 'transient') held.set(keyOf(message), error);
    }
  }

  /** Until when the message waits; null where it was set aside. */
  async #giveUpOrWait(message: OutboxMessage, error: ErrorInfo): Promise<number | null> {
    const { runtime, setAside } = this.#options;
    const attempt = message.attempts + 1;
    const { id, type } = message.event;
    const isOver = error.kind === 'permanent' || attempt >= ATTEMPTS;
    const log = { projectId: message.projectId, message: id, type, attempt, error };
    if (isOver && setAside !== undefined) {
      runtime.log.error(log, 'a message could not be delivered; it was set aside');
      await setAside(message, error);
      return null;
    }
    runtime.log.warn(log, 'a message could not be delivered; it is tried again');
    return runtime.now() + (isOver ? LONGEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (attempt - 1)));
  }
}

async function attempt(deliverer: Deliverer, message: OutboxMessage): Promise<ErrorInfo | undefined> {
  try {
    const [undelivered] = await deliverer.deliver([message]);
    return undelivered?.error;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return toErrorInfo(error, 'internal');
  }
}

/** Where several deliverers fail, one that may pass by itself decides. */
function note(failed: Map<number, ErrorInfo>, { id }: OutboxMessage, error: ErrorInfo): void {
  if (failed.get(id)?.kind !== 'transient') failed.set(id, error);
}

/** Messages without a key have no order: each is a key of its own. */
function keyOf({ id, projectId, event }: OutboxMessage): string {
  return event.partitionkey === undefined ? String(id) : `${projectId} ${event.partitionkey}`;
}

function isUnavailable(error: unknown): boolean {
  return error instanceof MyelinError && error.code === 'store_unavailable';
}

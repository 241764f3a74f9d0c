/**
 * Gives messages to whoever they are for, and says what became of each: it has arrived, it is tried again after a pause
 * and holds back what follows it under its key, or it is set aside as a dead letter.
 */
import { toErrorInfo } from '../core/errors.ts';
import type { LeftMessage, LoggedMessage, PutOff, Relayed } from '../ports/messages.ts';
import type { Runtime } from '../ports/runtime.ts';
import { type Deliverer, isForGood, type Undelivered } from './deliverer.ts';
import type { EventSchemas } from './event-schemas.ts';
import { messageLetter } from './message-letter.ts';
import type { Stats } from './stats.ts';
import { isUnavailable } from './unavailable.ts';

export interface DeliveryOptions {
  readonly runtime: Runtime;
  readonly stats: Stats;
  /** In this order. */
  readonly deliverers: readonly Deliverer[];
  /** What readers see of messages; absent: them as they are. */
  readonly schemas?: Pick<EventSchemas, 'read'>;
}

/** The pause after the first failed delivery; each is twice the one before. */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Some four minutes. */
const ATTEMPTS = 10;

export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async deliver(messages: readonly LoggedMessage[]): Promise<Relayed> {
    const failed = new Map<number, Undelivered[]>();
    const { readable, refused } = (await this.#options.schemas?.read(messages)) ?? { readable: messages, refused: [] };
    for (const one of refused) note(failed, one);
    for (const deliverer of this.#options.deliverers) await this.#give(deliverer, readable, failed);
    const done: number[] = [];
    const putOff: PutOff[] = [];
    const held = new Set<string>();
    // The same message may be there twice.
    const left = new Map<string, LeftMessage>();
    for (const message of messages) {
      const failures = failed.get(message.id) ?? [];
      // It stays behind the one before it: no try of its own.
      if (failures.length > 0 && held.has(keyOf(message))) continue;
      const wait = this.#wait(message, failures);
      if (wait === null) {
        done.push(message.id);
        for (const one of failures) this.#setAside(one, left);
      } else {
        putOff.push(wait);
        held.add(keyOf(message));
      }
    }
    const letters = [...left.values()].map(({ letter }) => letter);
    for (const { category } of letters) this.#options.stats.countLetter(category);
    return { done, putOff, letters, messages: [...left.values()].flatMap((one) => one.messages) };
  }

  /** What one deliverer could not take goes on to the others all the same. */
  async #give(
    deliverer: Deliverer,
    messages: readonly LoggedMessage[],
    failed: Map<number, Undelivered[]>,
  ): Promise<void> {
    try {
      for (const one of await deliverer.deliver(messages)) note(failed, one);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      // One of them is at fault: found by delivering each alone, which harms none that arrived already.
      await this.#oneByOne(deliverer, messages, failed);
    }
  }

  async #oneByOne(
    deliverer: Deliverer,
    messages: readonly LoggedMessage[],
    failed: Map<number, Undelivered[]>,
  ): Promise<void> {
    const held = new Map<string, Undelivered>();
    for (const message of messages) {
      const before = held.get(keyOf(message));
      const failures = before === undefined ? await attempt(deliverer, message) : [{ message, error: before.error }];
      for (const one of failures) note(failed, one);
      const passing = failures.find(({ error }) => !isForGood(error));
      if (passing !== undefined) held.set(keyOf(message), passing);
    }
  }

  /** Until when, where something of it may pass by itself; null: it has arrived, or is to be set aside. */
  #wait(message: LoggedMessage, failures: readonly Undelivered[]): PutOff | null {
    const { runtime } = this.#options;
    const passing = failures.find(({ error }) => !isForGood(error));
    const attempt = message.attempts + 1;
    if (passing === undefined || attempt >= ATTEMPTS) return null;
    const { error } = passing;
    runtime.log.warn({ ...about(message), error }, 'a message could not be delivered; it is tried again');
    const until = runtime.now() + Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (attempt - 1));
    return { id: message.id, error, until };
  }

  #setAside(failure: Undelivered, left: Map<string, LeftMessage>): void {
    const { runtime } = this.#options;
    const one = messageLetter(failure, runtime.now());
    const { id, workflowId, error } = one.letter;
    const log = { ...about(failure.message), letter: id, workflowId, error };
    runtime.log.error(log, 'a message could not be delivered; it is a dead letter now');
    left.set(id, one);
  }
}

function about({ projectId, event, attempts }: LoggedMessage) {
  return { projectId, message: event.id, type: event.type, attempt: attempts + 1 };
}

async function attempt(deliverer: Deliverer, message: LoggedMessage): Promise<readonly Undelivered[]> {
  try {
    return await deliverer.deliver([message]);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return [{ message, error: toErrorInfo(error, 'internal') }];
  }
}

function note(failed: Map<number, Undelivered[]>, one: Undelivered): void {
  const others = failed.get(one.message.id);
  if (others === undefined) failed.set(one.message.id, [one]);
  else others.push(one);
}

/** Messages without a key have no order: each is a key of its own. */
function keyOf({ id, projectId, event }: LoggedMessage): string {
  return event.partitionkey === undefined ? String(id) : `${projectId} ${event.partitionkey}`;
}

/**
 * Takes messages from the log to whoever listens, and only then moves on: a process that dies in between leaves them to
 * the next, who delivers them again under the same ids. One that cannot be delivered holds back what follows it under
 * its key, and nothing else; in the end it is set aside as a dead letter.
 */
import { toErrorInfo } from '../core/errors.ts';
import type { LeftMessage, LoggedMessage, MessageStore, PutOff, Relayed } from '../ports/messages.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Changed } from './changes.ts';
import { type Deliverer, isForGood, type Undelivered } from './deliverer.ts';
import type { EventSchemas } from './event-schemas.ts';
import { failpoint } from './failpoint.ts';
import { Loop } from './loop.ts';
import { messageLetter } from './message-letter.ts';
import type { Stats } from './stats.ts';
import { isUnavailable } from './unavailable.ts';

export interface RelayOptions {
  readonly messages: MessageStore;
  readonly runtime: Runtime;
  readonly stats: Stats;
  /** In this order; a broker is one more. */
  readonly deliverers: readonly Deliverer[];
  /** What readers see of messages; absent: them as they are. */
  readonly schemas?: Pick<EventSchemas, 'read'>;
  readonly changed?: Changed;
}

/** Messages of one round. */
const BATCH = 1_000;
/** Rounds at the same time while there is much: one reads or writes while the other delivers. The store keeps them apart. */
const HANDS = 2;
/** Between looks when nobody wakes the relay: the process that relayed may have died. */
const LOOK_MS = 1_000;
/** Between two tellings that there are new messages: they may come by the thousand. */
const TELL_MS = 1_000;
/** The first look after one that came too early, or while another process was at it; each later one after twice the time. */
const SOON_MS = 2;
/** The pause after the first failed delivery; each is twice the one before. */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Some four minutes. */
const ATTEMPTS = 10;

export class Relay implements Service {
  readonly #options: RelayOptions;
  /** The first is woken by messages, the others by a round that had much. */
  readonly #hands: readonly Loop[];
  /** Of each hand. */
  readonly #soonMs: number[] = Array(HANDS).fill(SOON_MS);
  /** Projects with messages that nobody was told of. */
  #fresh = new Set<string>();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { runtime } = options;
    this.#hands = this.#soonMs.map((_, hand) => new Loop({ name: 'relay', runtime, round: () => this.#round(hand) }));
  }

  start(): void {
    for (const hand of this.#hands) hand.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#hands.map((hand) => hand.stop()));
  }

  async runOnce(): Promise<void> {
    await this.#hands[0]?.runOnce();
  }

  /** Messages were written. */
  wake(): void {
    this.#hands[0]?.wake();
  }

  async #round(hand: number): Promise<number> {
    const { messages, runtime, changed } = this.#options;
    const left = new Set<string>();
    const handed = await messages.relay(runtime.now(), BATCH, async (messages) => {
      const relayed = await this.#relay(messages);
      for (const { projectId, attempts } of messages) if (attempts === 0) this.#fresh.add(projectId);
      for (const { projectId } of relayed.letters ?? []) left.add(projectId);
      return relayed;
    });
    for (const projectId of left) changed?.(projectId, ['dead-letters']);
    this.#tellFresh();
    if (handed === null) return this.#soon(hand);
    this.#soonMs[hand] = SOON_MS;
    if (handed > BATCH / 2) for (const other of this.#hands.toSpliced(hand, 1)) other.wake();
    return handed > 0 ? 0 : LOOK_MS;
  }

  /** What is not told now is told by a later look. */
  #tellFresh(): void {
    const { runtime, changed } = this.#options;
    const wait = this.#toldAt + TELL_MS - runtime.now();
    // A clock that was set back must not put it off.
    if (this.#fresh.size === 0 || (wait > 0 && wait <= TELL_MS)) return;
    this.#toldAt = runtime.now();
    for (const projectId of this.#fresh) changed?.(projectId, ['messages']);
    this.#fresh = new Set();
  }

  #soon(hand: number): number {
    const pause = this.#soonMs[hand] as number;
    this.#soonMs[hand] = Math.min(LOOK_MS, 2 * pause);
    return pause;
  }

  async #relay(messages: readonly LoggedMessage[]): Promise<Relayed> {
    failpoint('relay.before-deliver');
    const failed = new Map<number, Undelivered[]>();
    const { readable, refused } = (await this.#options.schemas?.read(messages)) ?? { readable: messages, refused: [] };
    for (const one of refused) note(failed, one);
    for (const deliverer of this.#options.deliverers) await this.#deliver(deliverer, readable, failed);
    failpoint('relay.after-deliver');
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
    this.#options.stats.relayed += done.length;
    const letters = [...left.values()].map(({ letter }) => letter);
    for (const { category } of letters) this.#options.stats.countLetter(category);
    return { done, putOff, letters, messages: [...left.values()].flatMap((one) => one.messages) };
  }

  /** What one deliverer could not take goes on to the others all the same. */
  async #deliver(
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

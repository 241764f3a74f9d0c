/**
 * Takes messages from the log to whoever listens, and only then moves on: a process that dies in between leaves them to
 * the next, who delivers them again under the same ids. One that cannot be delivered holds back what follows it under
 * its key, and nothing else; in the end it is set aside as a dead letter.
 */
import type { LoggedMessage, MessageStore, Relayed } from '../ports/messages.ts';
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Changed } from './changes.ts';
import type { Deliverer } from './deliverer.ts';
import { Delivery } from './delivery.ts';
import type { EventSchemas } from './event-schemas.ts';
import { failpoint } from './failpoint.ts';
import { Loop } from './loop.ts';
import type { Stats } from './stats.ts';

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

export class Relay implements Service {
  readonly #options: RelayOptions;
  readonly #delivery: Delivery;
  /** The first is woken by messages, the others by a round that had much. */
  readonly #hands: readonly Loop[];
  /** Of each hand. */
  readonly #soonMs: number[] = Array(HANDS).fill(SOON_MS);
  /** Projects with messages that nobody was told of. */
  #fresh = new Set<string>();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#delivery = new Delivery(options);
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
    // Another process was quicker.
    if (messages.length === 0) return { done: [], putOff: [] };
    failpoint('relay.before-deliver');
    const relayed = await this.#delivery.deliver(messages);
    failpoint('relay.after-deliver');
    this.#options.stats.relayed += relayed.done.length;
    return relayed;
  }
}

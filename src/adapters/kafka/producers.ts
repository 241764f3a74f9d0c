/** Senders, one for each connection that somebody publishes by, closed when nobody does any more. */
import type { KafkaConfig } from '../../core/connections/types/kafka.ts';
import type { BrokerConnection, OutgoingMessage, Receipt } from '../../ports/brokers.ts';
import type { Dialer } from './dialer.ts';
import { Sender } from './sender.ts';

interface Kept {
  readonly updatedAt: number;
  readonly sender: Sender;
  /** Calls that use it. */
  users: number;
  timer: NodeJS.Timeout | undefined;
}

const IDLE_MS = 60_000;

export class Producers {
  readonly #dialer: Dialer;
  readonly #kept = new Map<string, Kept>();

  constructor(dialer: Dialer) {
    this.#dialer = dialer;
  }

  /** Throws what the library throws. */
  async send(connection: BrokerConnection, messages: readonly OutgoingMessage[]): Promise<Receipt[]> {
    const kept = this.#of(connection);
    kept.users += 1;
    try {
      return await Promise.all(messages.map((one) => kept.sender.send(one)));
    } finally {
      kept.users -= 1;
      this.#rest(connection.id, kept);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    for (const { timer } of all) clearTimeout(timer);
    await Promise.all(all.map(({ sender }) => sender.close()));
  }

  #of({ id, updatedAt, config }: BrokerConnection): Kept {
    const known = this.#kept.get(id);
    if (known?.updatedAt === updatedAt && !known.sender.isBroken) {
      clearTimeout(known.timer);
      return known;
    }
    if (known !== undefined) {
      this.#kept.delete(id);
      this.#rest(id, known);
    }
    const fresh = { updatedAt, sender: new Sender(this.#dialer, config as KafkaConfig), users: 0, timer: undefined };
    this.#kept.set(id, fresh);
    return fresh;
  }

  /** One that another has taken the place of is closed by the last who uses it. */
  #rest(id: string, kept: Kept): void {
    if (kept.users > 0) return;
    clearTimeout(kept.timer);
    if (this.#kept.get(id) !== kept) return void kept.sender.close();
    kept.timer = setTimeout(() => {
      this.#kept.delete(id);
      void kept.sender.close();
    }, IDLE_MS).unref();
  }
}

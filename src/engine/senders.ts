/** Senders to brokers, one for each connection that somebody publishes by, closed when nobody does any more. */
import type { BrokerConnection, Brokers, OutgoingMessage, Publishers, Receipt, Sender } from '../ports/brokers.ts';
import type { Runtime } from '../ports/runtime.ts';

interface Kept {
  readonly updatedAt: number;
  readonly sender: Sender;
  /** Calls that use it. */
  users: number;
  /** Ends the wait for its end. */
  wanted: AbortController;
}

const IDLE_MS = 60_000;

export class Senders implements Publishers {
  readonly #brokers: Brokers;
  readonly #runtime: Pick<Runtime, 'sleep'>;
  readonly #kept = new Map<string, Kept>();

  constructor(brokers: Brokers, runtime: Pick<Runtime, 'sleep'>) {
    this.#brokers = brokers;
    this.#runtime = runtime;
  }

  /** A broker of a type that is not there is a fault of our own. */
  async publish(
    type: string,
    connection: BrokerConnection,
    messages: readonly OutgoingMessage[],
    signal: AbortSignal,
  ): Promise<Receipt[]> {
    const kept = this.#of(type, connection);
    kept.users += 1;
    try {
      return await kept.sender.send(messages, signal);
    } finally {
      kept.users -= 1;
      this.#rest(connection.id, kept);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    for (const { wanted } of all) wanted.abort();
    await Promise.all(all.map(({ sender }) => sender.close()));
  }

  #of(type: string, connection: BrokerConnection): Kept {
    const { id, updatedAt } = connection;
    const known = this.#kept.get(id);
    if (known?.updatedAt === updatedAt && !known.sender.isBroken) {
      known.wanted.abort();
      return known;
    }
    if (known !== undefined) {
      this.#kept.delete(id);
      this.#rest(id, known);
    }
    const sender = this.#brokers.get(type)!.sender(connection);
    const fresh = { updatedAt, sender, users: 0, wanted: new AbortController() };
    this.#kept.set(id, fresh);
    return fresh;
  }

  /** One that another has taken the place of is closed by the last who uses it. */
  #rest(id: string, kept: Kept): void {
    if (kept.users > 0) return;
    kept.wanted.abort();
    if (this.#kept.get(id) !== kept) return void kept.sender.close();
    const wanted = new AbortController();
    const { signal } = wanted;
    kept.wanted = wanted;
    void this.#runtime.sleep(IDLE_MS, signal).then(() => {
      if (signal.aborted) return;
      this.#kept.delete(id);
      void kept.sender.close();
    });
  }
}

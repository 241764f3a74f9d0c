/** Where messages go: one of the list that the relay serves (event triggers, waiting executions, brokers). */
import type { ErrorInfo } from '../core/errors.ts';
import type { OutboxMessage } from '../ports/outbox.ts';

export interface Deliverer {
  readonly name: string;
  /**
   * Delivers messages in the order given and resolves with those it could not. The same message may come again, with
   * the same source and id: that must change nothing. Where the error of one is transient, the later ones of its key
   * must not be delivered and are named too. Whoever throws has delivered some or none: all come again.
   */
  deliver(messages: readonly OutboxMessage[]): Promise<readonly Undelivered[]>;
}

export interface Undelivered {
  readonly message: OutboxMessage;
  /** `transient` is tried again, `permanent` is set aside. */
  readonly error: ErrorInfo;
}

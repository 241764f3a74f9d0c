/** Where messages go: one of the list that the relay serves (event triggers, waiting executions, brokers). */
import type { ErrorInfo } from '../core/errors.ts';
import type { LoggedMessage } from '../ports/messages.ts';
import type { ListeningTrigger } from '../ports/workflows.ts';

export interface Deliverer {
  readonly name: string;
  /**
   * Delivers messages in the order given and resolves with those it could not. The same message may come again, with
   * the same source and id: that must change nothing. Where the error of one is no `isForGood`, the later ones of its
   * key must not be delivered and are named too. One may be named several times, by each trigger that cannot take it. Whoever throws has delivered some or none: all come again.
   */
  deliver(messages: readonly LoggedMessage[]): Promise<readonly Undelivered[]>;
}

export interface Undelivered {
  readonly message: LoggedMessage;
  readonly error: ErrorInfo;
  /** Who cannot take it, where the others have it; absent: it is nobody's fault in particular. */
  readonly trigger?: ListeningTrigger;
}

/** The message is set aside at once; else it is tried again. Nobody knows what is behind a fault of our own. */
export function isForGood({ kind, code }: ErrorInfo): boolean {
  return kind === 'permanent' && code !== 'internal';
}

/** Keeps the store from filling with what nobody will ask for again. Any number of processes may do it. */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { Loop } from './loop.ts';

const EVERY_MS = 60_000;
/** A circuit of which nothing was heard for so long is as good as one that never failed. */
const DAY_MS = 86_400_000;
/** Longer than a call speaks; who wrote it is gone. */
const HOUR_MS = 3_600_000;

export interface TidierOptions {
  readonly store: Pick<Store, 'executions' | 'breakers' | 'tokens' | 'messages'>;
  readonly runtime: Runtime;
  /** How long messages that are delivered stay in their log, in milliseconds; null: for ever. */
  readonly messagesMs: number | null;
}

export function createTidier({ store, runtime, messagesMs }: TidierOptions): Service {
  const round = async () => {
    await store.executions.tidy(runtime.now());
    await store.breakers.forget(DAY_MS);
    await store.tokens.forget(HOUR_MS);
    if (messagesMs !== null) await store.messages.forget(runtime.now() - messagesMs);
    return EVERY_MS;
  };
  return new Loop({ name: 'tidier', runtime, round });
}

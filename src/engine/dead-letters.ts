/** Tries dead letters again when their rule says so. Any number of processes may do it: each letter is taken by one. */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { Loop } from './loop.ts';

export interface DeadLettersOptions {
  readonly store: Store['deadLetters'];
  readonly runtime: Runtime;
  /** Executions have signals now. */
  readonly requeued: () => void;
}

/** Taken in one round, so that what failed together does not come back all at once. */
const BATCH = 200;
const PAUSE_MS = 1_000;

export function createDeadLetters({ store, runtime, requeued: tell }: DeadLettersOptions): Service {
  const round = async () => {
    const { requeued } = await store.requeueDue(runtime.now(), BATCH);
    if (requeued > 0) {
      runtime.log.info({ requeued }, 'dead letters were retried by rule');
      tell();
    }
    return PAUSE_MS;
  };
  return new Loop({ name: 'dead letters', runtime, round });
}

/** Keeps the store from filling with what nobody will ask for again. Any number of processes may do it. */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { ExecutionStore } from '../ports/store.ts';
import { Loop } from './loop.ts';

const EVERY_MS = 60_000;

export function createTidier(store: ExecutionStore, runtime: Runtime): Service {
  const round = async () => {
    await store.tidy(runtime.now());
    return EVERY_MS;
  };
  return new Loop({ name: 'tidier', runtime, round });
}

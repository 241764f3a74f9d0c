/**
 * Keeps this worker's lease and ends those of the dead, whose executions go back to the queue. A worker silent for
 * too long counts as dead; one of this host whose process is gone is known to be, and nobody waits for its lease.
 */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { WorkerStore } from '../ports/store.ts';
import { Loop } from './loop.ts';
import type { Worker } from './worker.ts';

export interface Host {
  /** Names the machine and its process ids: two with the same name see the same processes. */
  readonly name: string;
  readonly pid: number;
  isAlive(pid: number): boolean;
}

export interface RescuerOptions {
  readonly store: WorkerStore;
  readonly runtime: Runtime;
  readonly host: Host;
  readonly roles: readonly string[];
  readonly worker: Worker;
}

const HEARTBEAT_MS = 4_000;
/** Five heartbeats missed. */
const SILENT_MS = 20_000;

export class Rescuer implements Service {
  readonly #options: RescuerOptions;
  readonly #loop: Loop;

  constructor(options: RescuerOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'rescuer', runtime: options.runtime, round: () => this.#round() });
  }

  /** Registers the worker, and releases what processes of this host left behind when they died. */
  async begin(): Promise<void> {
    const { store, host, worker } = this.#options;
    for (const other of await store.onHost(host.name)) {
      if (other.pid === host.pid || !host.isAlive(other.pid)) await store.leave(other.id);
    }
    await this.#register();
    await store.buryDead(SILENT_MS);
    worker.wake();
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async runOnce(): Promise<void> {
    await this.#round();
  }

  async #round(): Promise<number> {
    const { store, worker, runtime } = this.#options;
    if (!(await store.heartbeat(worker.id))) {
      runtime.log.warn({ worker: worker.id }, 'this worker was given up for dead; it begins anew');
      worker.renew();
      await this.#register();
    }
    const buried = await store.buryDead(SILENT_MS);
    if (buried.executions > 0) {
      runtime.log.info(buried, 'executions of dead workers went back to the queue');
      worker.wake();
    }
    return HEARTBEAT_MS;
  }

  async #register(): Promise<void> {
    const { store, host, roles, worker } = this.#options;
    await store.register({ id: worker.id, host: host.name, pid: host.pid, roles });
  }
}

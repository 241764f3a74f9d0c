/**
 * Keeps this worker's lease and ends those of the dead, whose executions go back to the queue. A worker counts as dead
 * when it was silent for a whole lease, in which this one was heard without a break: after the database was away all
 * have been silent, and they get time to come back. One of this host whose process is gone is known to be dead, and
 * nobody waits for its lease.
 */
import type { Runtime, Service } from '../ports/runtime.ts';
import type { WorkerStore } from '../ports/store.ts';
import type { Lease } from './lease.ts';
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
  readonly lease: Lease;
  /** Workers have died. */
  readonly died?: () => void;
}

/** Heartbeats in the time of a lease. */
const BEATS = 5;

export class Rescuer implements Service {
  readonly #options: RescuerOptions;
  readonly #loop: Loop;
  /** Since when the database has answered without a break. */
  #steadySince = 0;

  constructor(options: RescuerOptions) {
    this.#options = options;
    this.#loop = new Loop({ name: 'rescuer', runtime: options.runtime, round: () => this.#round() });
    options.lease.wanted = () => this.#loop.wake();
  }

  /** Registers the worker, and releases what processes of this host left behind when they died. */
  async begin(): Promise<void> {
    const { store, host, worker, died } = this.#options;
    for (const other of await store.onHost(host.name)) {
      if (other.pid !== host.pid && host.isAlive(other.pid)) continue;
      await store.leave(other.id);
      died?.();
    }
    await this.#register();
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
    const { store, worker, runtime, lease } = this.#options;
    const told = runtime.now();
    if (await store.heartbeat(worker.id)) {
      this.#heard(told);
    } else {
      runtime.log.warn({ worker: worker.id }, 'this worker was given up for dead; it begins anew');
      worker.renew();
      await this.#register();
    }
    if (told - this.#steadySince >= lease.ms) await this.#bury();
    return lease.ms / BEATS;
  }

  async #bury(): Promise<void> {
    const { store, worker, runtime, lease, died } = this.#options;
    const buried = await store.buryDead(lease.ms);
    if (buried.workers > 0) died?.();
    if (buried.executions === 0) return;
    runtime.log.info(buried, 'executions of dead workers went back to the queue');
    worker.wake();
  }

  #heard(told: number): void {
    const { lease } = this.#options;
    const pause = told - lease.heardAt;
    if (pause < 0 || pause > lease.ms / 2) this.#steadySince = told;
    lease.heard(told);
  }

  async #register(): Promise<void> {
    const { store, runtime, host, roles, worker } = this.#options;
    const told = runtime.now();
    await store.register({ id: worker.id, host: host.name, pid: host.pid, roles });
    this.#heard(told);
  }
}

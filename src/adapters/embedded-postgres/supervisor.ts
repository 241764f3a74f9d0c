/**
 * Keeps one server up: where it ends without being asked to, it is started again on the same port, so that
 * clients reconnect by themselves. The pause before doubles from 0.1 s to 10 s while it does not stay up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { toErrorInfo } from '../../core/errors.ts';
import type { Logger } from '../../ports/runtime.ts';
import type { Postmaster, Site } from './postmaster.ts';
import { endBackends, findPostmaster, launch, shutDown } from './postmaster.ts';
import { awaitReady } from './readiness.ts';

/** Up for so long, an earlier failure is forgotten. */
const STEADY_MS = 30_000;

export class Supervisor {
  readonly #site: Site;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  #current: Postmaster;

  /** `first` must be ready. */
  constructor(first: Postmaster, site: Site, log: Logger) {
    this.#current = first;
    this.#site = site;
    this.#log = log;
    this.#watching = this.#watch();
    process.once('exit', this.#onExit);
  }

  /** Shuts the server down and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    process.removeListener('exit', this.#onExit);
    await shutDown(this.#current);
    await this.#watching;
    // A restart that was under way may have brought up another one.
    await shutDown(this.#current);
    await endBackends(this.#site.folder);
  }

  /** Who leaves by process.exit() leaves no orphan. */
  readonly #onExit = (): void => this.#current.signal('SIGINT');

  async #watch(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const since = performance.now();
      const how = await this.#current.ended;
      if (this.#stopping.signal.aborted) return;
      failures = performance.now() - since > STEADY_MS ? 0 : failures + 1;
      const pauseMs = failures <= 1 ? 0 : Math.min(100 * 2 ** (failures - 2), 10_000);
      this.#log.warn({ how, pauseMs, logFile: this.#site.logFile }, 'PostgreSQL ended; it is started again');
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (!this.#stopping.signal.aborted) await this.#restart();
    }
  }

  /** Leaves in `#current` a server that is ready, or one that has ended, which brings the loop back. */
  async #restart(): Promise<void> {
    try {
      this.#current = findPostmaster(this.#site.folder) ?? (await launch(this.#site));
      const trouble = await awaitReady(this.#site.url, this.#current);
      if (trouble === undefined) this.#log.info({ pid: this.#current.pid }, 'PostgreSQL is back');
      else await shutDown(this.#current, 5_000);
    } catch (error) {
      this.#log.error({ error: toErrorInfo(error, 'postgres_failed') }, 'PostgreSQL could not be started again');
      await shutDown(this.#current, 5_000);
    }
  }
}

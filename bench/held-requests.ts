/**
 * A target that takes requests and never answers: who called it is at work. It listens on many addresses of the
 * loopback network, since a client opens only so many connections to one.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** Calls that one address is given; below the engine's limit for one dependency. */
const PER_ADDRESS = 100;

export class HeldRequests {
  readonly #server: Server = createServer();
  /** When each path was called last, by `performance.now()`. */
  readonly #called = new Map<string, number>();
  #expected = Number.POSITIVE_INFINITY;
  #reached: () => void = () => undefined;

  async listen(): Promise<void> {
    this.#server.requestTimeout = 0;
    this.#server.on('request', (request) => this.#take(request.url!));
    this.#server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 });
    await once(this.#server, 'listening');
  }

  /** Where the caller of that number shall go. */
  urlFor(number: number): string {
    const { port } = this.#server.address() as { port: number };
    return `http://127.0.1.${1 + Math.floor(number / PER_ADDRESS)}:${port}`;
  }

  /** Forgets who called, and resolves when so many different paths were called since. */
  reached(count: number): Promise<void> {
    this.#called.clear();
    this.#expected = count;
    return new Promise((resolve) => {
      this.#reached = resolve;
    });
  }

  get count(): number {
    return this.#called.size;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #take(path: string): void {
    this.#called.set(path, performance.now());
    if (this.#called.size === this.#expected) this.#reached();
  }
}

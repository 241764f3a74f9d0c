/** A TCP proxy that misbehaves: it cuts connections, and it holds everything back for a while. */

import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs: Set<Pair>;
  #stalled = false;

  private constructor(server: Server, pairs: Set<Pair>) {
    this.#server = server;
    this.#pairs = pairs;
    this.port = (server.address() as AddressInfo).port;
  }

  /** `at`: the port it listens at; 0 is any that is free. */
  static async open(host: string, port: number, at = 0): Promise<TcpProxy> {
    const pairs = new Set<Pair>();
    let proxy: TcpProxy | undefined;
    const listener = createServer((client) => {
      const pair = { client, server: createConnection({ host, port, noDelay: true }) };
      client.setNoDelay(true);
      pairs.add(pair);
      join(pair, () => pairs.delete(pair));
      if (proxy?.stalled) hold(pair);
    });
    await new Promise<void>((resolve) => listener.listen(at, '127.0.0.1', resolve));
    proxy = new TcpProxy(listener, pairs);
    return proxy;
  }

  get stalled(): boolean {
    return this.#stalled;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Breaks this share of the connections, both sides at once, whatever was under way. */
  cut(share: number): void {
    for (const pair of [...this.#pairs]) {
      if (Math.random() >= share) continue;
      pair.client.resetAndDestroy();
      pair.server.resetAndDestroy();
    }
  }

  /** From now on nothing arrives, in either direction, and nobody is told; returns what lets it flow again. */
  stall(): () => void {
    this.#stalled = true;
    for (const pair of this.#pairs) hold(pair);
    return () => {
      this.#stalled = false;
      for (const { client, server } of this.#pairs) {
        client.pipe(server);
        server.pipe(client);
      }
    };
  }

  async close(): Promise<void> {
    this.cut(1);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function join(pair: Pair, ended: () => void): void {
  const { client, server } = pair;
  client.pipe(server);
  server.pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => undefined);
    one.once('close', () => {
      other.destroy();
      ended();
    });
  }
}

function hold({ client, server }: Pair): void {
  client.unpipe(server);
  server.unpipe(client);
  client.pause();
  server.pause();
}

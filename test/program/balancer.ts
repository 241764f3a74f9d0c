/**
 * What stands in front of a cluster: an HTTP balancer that asks each server whether it is ready, and sends requests in
 * turn to those that are. It repeats nothing: a request that its server drops is a 502 for the caller.
 */
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOK_MS = 50;

interface Backend {
  readonly url: string;
  ready: boolean;
}

export class Balancer {
  readonly url: string;
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #looking: Promise<void>;
  readonly #stop: () => void;

  private constructor(server: Server, agent: Agent, looking: Promise<void>, stop: () => void) {
    this.#server = server;
    this.#agent = agent;
    this.#looking = looking;
    this.#stop = stop;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Paths under /webhooks/ go to the one group, all others to the other. */
  static async open(webhooks: readonly string[], others: readonly string[]): Promise<Balancer> {
    const groups = [webhooks, others].map((urls) => urls.map((url): Backend => ({ url, ready: false })));
    const agent = new Agent({ keepAlive: true });
    let turn = 0;
    const server = createServer((incoming, outgoing) => {
      const group = groups[incoming.url?.startsWith('/webhooks/') ? 0 : 1] as Backend[];
      const ready = group.filter((one) => one.ready);
      const backend = ready[turn++ % Math.max(1, ready.length)];
      if (backend === undefined) outgoing.writeHead(502).end('{"none":"is ready"}');
      else forward(agent, backend.url, incoming, outgoing);
    });
    let stopped = false;
    const look = async (backend: Backend) => {
      while (!stopped) {
        backend.ready = await isReady(backend.url);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    };
    const looking = Promise.all(groups.flat().map(look)).then(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Balancer(server, agent, looking, () => {
      stopped = true;
    });
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#looking;
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

function forward(agent: Agent, url: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const { connection: _, ...rest } = headers;
  const onward = request(url + incoming.url, { method, agent, headers: rest }, (answer) => {
    const { connection: __, 'keep-alive': ___, ...given } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, given);
    answer.pipe(outgoing);
  });
  onward.on('error', (error) => {
    if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ dropped: String(error) }));
  });
  incoming.pipe(onward);
}

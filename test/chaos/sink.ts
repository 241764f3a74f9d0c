/** The world outside: an HTTP server that counts the effects it is asked for, by idempotency key. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sink {
  readonly url: string;
  /** Calls by `Idempotency-Key`. */
  readonly calls: ReadonlyMap<string, number>;
  /** By execution, the paths of its nodes in the order of their first calls. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** By key, the path of the URL that was called. */
  readonly targets: ReadonlyMap<string, string>;
  /** Keys seen, by the first part of the path that was called. */
  readonly counts: ReadonlyMap<string, number>;
  /** Resolves when something has been called by a key that was not seen before. */
  news(): Promise<void>;
  close(): Promise<void>;
}

/** What goes to /refuse is counted as well, and refused for good. */
export async function openSink(): Promise<Sink> {
  const calls = new Map<string, number>();
  const paths = new Map<string, string[]>();
  const targets = new Map<string, string>();
  const counts = new Map<string, number>();
  let news = Promise.withResolvers<void>();
  const count = (key: string, target: string) => {
    const before = calls.get(key) ?? 0;
    calls.set(key, before + 1);
    targets.set(key, target);
    if (before === 0) {
      const [, part = ''] = target.split('/');
      counts.set(part, (counts.get(part) ?? 0) + 1);
      news.resolve();
      news = Promise.withResolvers<void>();
    }
    const slash = key.indexOf('/');
    if (before > 0 || slash === -1) return;
    const execution = key.slice(0, slash);
    paths.set(execution, [...(paths.get(execution) ?? []), key.slice(slash + 1)]);
  };
  const server = createServer((request, response) => {
    count(String(request.headers['idempotency-key'] ?? ''), String(request.url));
    request.resume().on('end', () => {
      const isRefused = request.url === '/refuse';
      response.writeHead(isRefused ? 422 : 200, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    paths,
    targets,
    counts,
    news: () => news.promise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

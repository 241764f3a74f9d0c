/** The API of petstore.yaml on a free port of loopback: it answers what the test says, and keeps what it was asked. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';

export const PETSTORE_FILE = fileURLToPath(new URL('petstore.yaml', import.meta.url));

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Petstore {
  readonly url: string;
  readonly asked: Asked[];
  /** What it answers from now on; null: nothing, and the connection breaks. */
  answer(next: Answer | null): void;
  stop(): Promise<void>;
}

export async function servePetstore(): Promise<Petstore> {
  const asked: Asked[] = [];
  let answer: Answer | null = { body: '{}', headers: { 'content-type': 'application/json' } };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      if (answer === null) return request.socket.destroy();
      response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`,
    asked,
    answer: (next) => {
      answer = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

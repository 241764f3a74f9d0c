/**
 * An HTTP target that misbehaves, by path: /hang never answers, /reset breaks the connection, /huge answers 100 MB,
 * /echo answers the headers and the body it got, and /gate holds its callers until the gate is opened.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const CHUNK = Buffer.alloc(1024 * 1024, 0x61);
const CHUNKS = 100;

export interface Hostile {
  readonly url: string;
  /** Callers that stand at the gate. */
  readonly held: number;
  /** Lets those through that stand at the gate, and all that come later. */
  open(): void;
  close(): Promise<void>;
}

export async function openHostile(): Promise<Hostile> {
  const held: ServerResponse[] = [];
  let isOpen = false;
  const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
    '/hang': () => undefined,
    '/reset': (request) => request.socket.resetAndDestroy(),
    '/huge': (_, response) => sendHuge(response),
    '/echo': (request, response) => void echo(request, response),
    '/gate': (_, response) => {
      if (isOpen) sendJson(response, { open: true });
      else held.push(response);
    },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get held() {
      return held.length;
    },
    open: () => {
      isOpen = true;
      for (const response of held.splice(0)) sendJson(response, { open: true });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  sendJson(response, { headers: request.headers, body: await text(request) });
}

/** Without a length, so that only what is read tells the size. */
function sendHuge(response: ServerResponse): void {
  response.on('error', () => undefined);
  response.writeHead(200, { 'content-type': 'text/plain' });
  let sent = 0;
  const more = () => {
    while (sent < CHUNKS && !response.destroyed) {
      sent += 1;
      if (!response.write(CHUNK)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

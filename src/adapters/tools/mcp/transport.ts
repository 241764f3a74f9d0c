/**
 * The two ways to an MCP server: a child process that the operator named, and streamable HTTP through the egress.
 */
import {
  type JSONRPCMessage,
  StreamableHTTPClientTransport,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Egress } from '../../../ports/egress.ts';
import type { Logger } from '../../../ports/runtime.ts';
import type { LocalServer, RemoteServer, Value } from '../settings.ts';
import { type SecretValues, secretOf } from '../source.ts';
import { boundedBody } from './bounded-body.ts';

export interface TransportParts {
  /** `mcp:github`. */
  readonly source: string;
  readonly egress: Egress;
  readonly secrets: SecretValues;
  readonly log: Logger;
}

/** Largest message in bytes. */
const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
/** What is kept of the last words of a child. */
const LAST_BYTES = 4_096;

/** JSON-RPC code of an answer that never came, since the stream that was to bring it has ended. */
export const STREAM_ENDED = -32_000;
export const STREAM_ENDED_WORDS = 'the stream of the answer has ended';

/** Throws `secret_missing`. */
export function openTransport(server: LocalServer | RemoteServer, parts: TransportParts): Transport {
  return 'url' in server ? openRemote(server, parts) : openLocal(server, parts);
}

function openRemote({ url, headers }: RemoteServer, { source, egress, secrets }: TransportParts): Transport {
  return new RemoteTransport(new URL(url), {
    fetch: async (address, init) => boundedBody(await egress.fetch(address, init), MAX_MESSAGE_BYTES),
    requestInit: { headers: valuesOf(headers, secrets, source) },
    // Nobody can be asked to log in: a refusal is an answer.
    onInsufficientScope: 'throw',
  });
}

/** The library lets a request wait until its time is over when the stream of its answer breaks; here it fails at once. */
class RemoteTransport extends StreamableHTTPClientTransport {
  override async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!('method' in message && 'id' in message) || options?.onRequestStreamEnd !== undefined) {
      return super.send(message, options);
    }
    const { id } = message;
    const error = { code: STREAM_ENDED, message: STREAM_ENDED_WORDS };
    const onRequestStreamEnd = () => this.onmessage?.({ jsonrpc: '2.0', id, error });
    return super.send(message, { ...options, onRequestStreamEnd });
  }
}

/**
 * The child sees the variables that are named, besides PATH, HOME and the like; never those of the server. What it
 * writes to stderr is logged when it has ended.
 */
function openLocal({ command, args, env, cwd }: LocalServer, { source, secrets, log }: TransportParts): Transport {
  const values = valuesOf(env, secrets, source);
  const transport = new StdioClientTransport({
    ...{ command, args: [...args], cwd, env: values },
    stderr: 'pipe',
    maxBufferSize: MAX_MESSAGE_BYTES,
  });
  const hidden = Object.entries(env).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [values[name] ?? ''],
  );
  let last = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    last = (last + chunk.toString('utf8')).slice(-LAST_BYTES);
  });
  transport.stderr?.on('end', () => {
    if (last !== '')
      log.warn({ source, stderr: without(last, hidden) }, 'a tool server has ended; these were its last words');
  });
  return transport;
}

/** A cut secret at the beginning goes as well: the first line may be half a line. */
function without(text: string, secrets: readonly string[]): string {
  const whole = text.length < LAST_BYTES ? text : text.slice(text.indexOf('\n') + 1);
  return secrets.filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '***'), whole);
}

function valuesOf(values: Readonly<Record<string, Value>>, secrets: SecretValues, source: string) {
  const found = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : secretOf(secrets, value.secret, source),
  ]);
  return Object.fromEntries(found);
}

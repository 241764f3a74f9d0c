/**
 * The one egress client (rule R9 of security): checks the address, dials exactly what was checked, follows few
 * redirects and checks each, caps size and time. Connections are kept alive and pooled by origin.
 */
import { Agent } from 'undici';
import { MyelinError } from '../../core/errors.ts';
import { asLost } from '../../core/lost-answer.ts';
import { isUnsafeKey } from '../../core/safe-json.ts';
import type { Egress, EgressRequest, EgressResponse } from '../../ports/egress.ts';
import { ACCEPTED_ENCODINGS, readAnswerBody, tooLarge } from './answer-body.ts';
import { createConnector, type Lookup, lookupBySystem } from './connector.ts';
import { createDeadline } from './deadline.ts';
import { fetchOver } from './fetch.ts';
import { asMyelinError, type Line, noteSent, OWN_HEADERS, parseUrl, type Reached, reach, single } from './hops.ts';
import { createPolicy, placeOf } from './policy.ts';
import type { Hop } from './redirect.ts';
import { checkedAddress, checkedSocket } from './socket.ts';

export interface EgressOptions {
  /** `host`, `host:port`, `*.domain`, address or CIDR range that is let through though it is not public. */
  readonly allow: readonly string[];
  /** Permits 127.0.0.0/8 and ::1. */
  readonly loopback: boolean;
  /** Resolves names; default the system's resolver. */
  readonly lookup?: Lookup;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** Enough for a busy worker, and an end to what one slow host can hold. */
const CONNECTIONS_PER_ORIGIN = 256;

/** Throws `config_refused` for an `allow` entry that cannot be read. `close` breaks what is still in flight. */
export function createEgress(options: EgressOptions): Egress & { close(): Promise<void> } {
  const policy = createPolicy(options);
  const lookup = options.lookup ?? lookupBySystem;
  const agent = new Agent({
    connect: createConnector(policy, lookup),
    connections: CONNECTIONS_PER_ORIGIN,
    allowH2: false,
    // The deadline of the exchange covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const line = { agent: agent.compose(noteSent), policy };
  return {
    request: (request) => exchange(line, request),
    fetch: (url, init) => fetchOver(line, url, init),
    socket: (host, port) => checkedSocket(policy, lookup, host, port),
    resolve: (host, port) => checkedAddress(policy, lookup, host, port),
    close: () => agent.destroy(),
  };
}

async function exchange(line: Line, request: EgressRequest): Promise<EgressResponse> {
  const first = firstHop(request);
  const deadline = createDeadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, request.signal);
  let url = first.url;
  try {
    const reached = await reach(line, first, 'follow', deadline);
    url = reached.hop.url;
    // The head of the answer is a refusal, whatever becomes of the rest.
    if (reached.status >= 400 && reached.status < 500) deadline.isOut = false;
    return await readWhole(reached, request.maxBytes ?? DEFAULT_MAX_BYTES);
  } catch (error) {
    if (deadline.isOut && error instanceof MyelinError) throw asLost(error);
    throw asMyelinError(error, url, deadline);
  } finally {
    deadline.end();
  }
}

function firstHop(request: EgressRequest): Hop {
  const url = parseUrl(request.url);
  const headers: Record<string, string> = { 'user-agent': 'Myelin', 'accept-encoding': ACCEPTED_ENCODINGS };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (OWN_HEADERS.has(name.toLowerCase())) {
      throw new MyelinError('config_invalid', `The header ${name} is set by the connection itself; leave it out.`);
    }
    headers[name.toLowerCase()] = value;
  }
  return { method: request.method.toUpperCase(), url, headers, body: request.body };
}

async function readWhole({ status, headers, body, hop }: Reached, maxBytes: number): Promise<EgressResponse> {
  try {
    if (hop.method !== 'HEAD' && Number(headers['content-length']) > maxBytes && !headers['content-encoding']) {
      throw tooLarge(maxBytes, placeOf(hop.url));
    }
    const encoding = single(headers['content-encoding']);
    const data = await readAnswerBody(body, encoding, maxBytes, placeOf(hop.url));
    return { status, headers: plainHeaders(headers, encoding), body: data, url: hop.url.href };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/** As the port has them; what described the compressed form is left out of a body that is plain now. */
function plainHeaders(headers: Reached['headers'], encoding: string | undefined): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || isUnsafeKey(name)) continue;
    if (encoding !== undefined && (name === 'content-encoding' || name === 'content-length')) continue;
    plain[name] = single(value)!;
  }
  return plain;
}

/** What a redirect asks for next. Pure: the caller checks the new address and sends. */
import type { MyelinError } from '../../core/errors.ts';
import { denied } from './policy.ts';

/** One request on the wire; names of headers are in lower case. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * What goes along to another host. A list of what may, not of what may not: a key can hide under any name
 * (`authorization`, `cookie`, `x-api-key`, but also a header a user made up).
 */
const TRAVELS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-language',
  'content-type',
  'idempotency-key',
  'if-modified-since',
  'if-none-match',
  'range',
  'user-agent',
]);

const ABOUT_THE_BODY: ReadonlySet<string> = new Set(['content-type', 'content-encoding', 'content-language']);

/** The next request, or undefined where the answer is no redirect. Throws `egress_denied` for a change of scheme. */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const url = resolve(hop, location);
  if (url.protocol !== hop.url.protocol) {
    throw redirectDenied(hop, `from ${hop.url.protocol.slice(0, -1)} to ${url.protocol.slice(0, -1)}`);
  }
  const toGet = status === 303 ? hop.method !== 'HEAD' : status <= 302 && hop.method === 'POST';
  const sameHost = url.host === hop.url.host;
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (sameHost || TRAVELS.has(name)) && !(toGet && ABOUT_THE_BODY.has(name)),
  );
  return {
    method: toGet ? 'GET' : hop.method,
    url,
    headers: Object.fromEntries(headers),
    body: toGet ? undefined : hop.body,
  };
}

function resolve(hop: Hop, location: string): URL {
  if (!URL.canParse(location, hop.url.href)) throw redirectDenied(hop, 'to something that is not a URL');
  return new URL(location, hop.url);
}

function redirectDenied(hop: Hop, how: string): MyelinError {
  return denied(hop.url, `redirects ${how}, which is not followed; call the target by its own URL`);
}

/**
 * Whether a page of our own asks. A browser sends its cookie along with whatever page makes it call, also one on
 * another port of this host, which SameSite does not tell apart; the origin it cannot choose.
 */
import type { FastifyRequest } from 'fastify';
import { MyelinError } from '../../core/errors.ts';

type Asked = Pick<FastifyRequest, 'method' | 'headers'>;

/** Of a request that a cookie let in. What only reads may come from anywhere: another origin cannot see the answer. */
export function refuseForeign({ method, headers }: Asked, publicUrl: string): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (method === 'GET' || method === 'HEAD' || site === 'same-origin') return;
  if (origin !== undefined && isOwn(origin, host, publicUrl)) return;
  const from = origin === undefined ? 'No Origin came with the request' : `The request comes from ${origin}`;
  throw new MyelinError('origin_refused', `${from}; a browser that is signed in may change things from this server.`);
}

function isOwn(origin: string, host: string | undefined, publicUrl: string): boolean {
  const [from, own] = [URL.parse(origin), URL.parse(publicUrl)];
  if (from === null || !/^https?:$/.test(from.protocol)) return false;
  if (from.origin === own?.origin) return true;
  // Where the server is reached over TLS, a page without it may be made by whoever is on the line.
  return from.host === host && (from.protocol === 'https:' || own?.protocol !== 'https:');
}

/** What Redis refuses, in words of what to do. */
import { codeOf, troubleOf } from '../../core/connections/trouble.ts';
import type { RedisConfig } from '../../core/connections/types/redis.ts';
import { MyelinError } from '../../core/errors.ts';

type About = Pick<RedisConfig, 'host' | 'port' | 'user' | 'tls'>;

/** By the word that an answer of the server begins with. */
const REFUSALS: Readonly<Record<string, (about: About) => string>> = {
  WRONGPASS: ({ user }) => `Wrong user or password: the server does not let ${user ?? 'the user default'} in.`,
  NOAUTH: () => 'The server wants a password.',
  NOPERM: ({ user }) => `${user ?? 'The user default'} may not do this: see its ACL.`,
  WRONGTYPE: () => 'The key is there and is no stream: take another name.',
  NOGROUP: () => 'The stream or its group was removed; both are made anew.',
  OOM: () => 'The server is out of memory and takes nothing new: see its maxmemory.',
  READONLY: () => 'The server is a replica, which takes nothing: name the primary.',
  MOVED: () => 'The server is a node of a cluster, which is not supported: name a single server, or a proxy.',
};
/** It passes by itself. */
const PASSING: ReadonlySet<string> = new Set(['LOADING', 'BUSY', 'TRYAGAIN', 'MASTERDOWN', 'CLUSTERDOWN', 'NOGROUP']);

/** `broker_refused`, `connection_failed`, or what the egress has said. */
export function redisError(error: unknown, about: About): MyelinError {
  if (error instanceof MyelinError) return error;
  const place = `${about.host}:${about.port}`;
  const message = error instanceof Error ? error.message : '';
  const word = /^([A-Z]{2,20})\b/.exec(message)?.[1] ?? '';
  if (PASSING.has(word)) {
    const known = REFUSALS[word];
    return new MyelinError('connection_failed', known?.(about) ?? `${place}: the server says ${word}.`);
  }
  if (Object.hasOwn(REFUSALS, word)) return new MyelinError('broker_refused', REFUSALS[word]!(about));
  if (/invalid password|AUTH <password> called without/.test(message)) {
    return new MyelinError('broker_refused', REFUSALS.WRONGPASS!(about));
  }
  if (word === 'ERR') return new MyelinError('broker_refused', `${place} refuses the command: is it Redis 7 or later?`);
  const code = codeOf(error);
  if (code !== 'unknown') return new MyelinError('connection_failed', troubleOf(error, place));
  // The library has no codes for what becomes of its connection.
  if (!/^(Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries)/.test(message)) {
    return new MyelinError('internal', 'A message could not be taken, by a fault of our own.');
  }
  const hint = about.tls === 'off' ? ', and whether it wants TLS' : '';
  return new MyelinError('connection_failed', `${place} broke the connection off: check the port${hint}.`);
}

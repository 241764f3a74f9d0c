/**
 * Clients of 2025-11-25 say once, at their start, that they can ask a person. No process keeps that: it is in the
 * session id that they get and send with each request. An id that was made up gets its maker questions, no rights.
 */
import { isObject } from '../../core/json.ts';
import { canElicit } from './elicitation.ts';

export const SESSION_HEADER = 'mcp-session-id';
const ELICITS = 'elicits-';

/** For the answer to this request; undefined where it is no start of a client that can be asked. `id` makes it new. */
export function sessionFor(message: unknown, id: string): string | undefined {
  if (!isObject(message) || message.method !== 'initialize' || !isObject(message.params)) return undefined;
  return canElicit(message.params.capabilities) ? ELICITS + id : undefined;
}

export function isElicitingSession(headers: Headers | undefined): boolean {
  return headers?.get(SESSION_HEADER)?.startsWith(ELICITS) ?? false;
}

/** Who saves a workflow: the key that is sent, or that signed the browser in, by its name. */
import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from './deps.ts';

export async function saverOf(
  { store }: Pick<ApiDeps, 'store'>,
  { caller }: Pick<FastifyRequest, 'caller'>,
): Promise<{ readonly savedBy?: string }> {
  const savedBy = await store.access.keyName(caller.keyHash);
  return savedBy === undefined ? {} : { savedBy };
}

/** Keys that others call by: made once, told once, and revoked. What a key may give is the rule of `core/keys/grant`. */
import { MyelinError } from '../core/errors.ts';
import { checkCovers, checkGrant, type Standing } from '../core/keys/grant.ts';
import type { AccessStore, Key, NewKey } from '../ports/access.ts';
import type { Runtime } from '../ports/runtime.ts';
import { endingOf, hashKey, newKey } from './access-key.ts';

export const MOST_KEYS = 100;

interface Deps {
  readonly access: AccessStore;
  readonly runtime: Pick<Runtime, 'id' | 'now' | 'log'>;
}

/** The key by which somebody asks. */
export interface Maker extends Standing {
  readonly projectId: string;
  readonly name: string;
}

export interface WantedKey extends Standing {
  readonly name: string;
}

export interface MadeKey {
  readonly key: Key;
  /** Nobody can tell it again. */
  readonly secret: string;
}

/** Throws `forbidden`, `invalid_request`, `key_exists`, `too_many_keys`. */
export async function makeKey({ access, runtime }: Deps, maker: Maker, wanted: WantedKey): Promise<MadeKey> {
  const createdAt = runtime.now();
  checkGrant(maker, wanted, createdAt);
  const secret = newKey();
  const { projectId, name: createdBy } = maker;
  const { name, role, expiresAt } = wanted;
  const key: Key = {
    ...{ id: runtime.id(), projectId, name, role },
    ...{ ending: endingOf(secret), createdBy, createdAt, expiresAt },
  };
  const added = await access.addKey({ ...key, hash: hashKey(secret) } satisfies NewKey, MOST_KEYS);
  if (added === 'taken') throw new MyelinError('key_exists', `The project has a key ${JSON.stringify(name)} already.`);
  if (added === 'full')
    throw new MyelinError('too_many_keys', `The project has ${MOST_KEYS} keys, and may have no more.`);
  runtime.log.info({ project: projectId, key: key.id, name, role, expiresAt, by: createdBy }, 'a key was made');
  return { key, secret };
}

/** Throws `key_not_found`, `forbidden`, `last_owner_key`. */
export async function revokeKey({ access, runtime }: Deps, maker: Maker, id: string): Promise<void> {
  const { projectId } = maker;
  const key = (await access.list(projectId)).find((one) => one.id === id);
  if (key === undefined) throw notFound(id);
  checkCovers(maker.role, key.role, 'revoke');
  const { name, role } = key;
  const revoked = await access.revoke(projectId, id);
  if (revoked === 'gone') throw notFound(id);
  if (revoked === 'last') {
    throw new MyelinError(
      'last_owner_key',
      `${name} is the last owner key of the project that does not expire; without one nobody could make another.`,
    );
  }
  runtime.log.info({ project: projectId, key: id, name, role, by: maker.name }, 'a key was revoked');
}

const notFound = (id: string): MyelinError => new MyelinError('key_not_found', `The project has no key ${id}.`);

/** API keys: who may call, and what. A key is known by the SHA-256 of its secret, in hex; nobody has the secret but its holder. */
import type { KeyRole } from '../core/keys/roles.ts';

/** Times in milliseconds since the epoch. */
export interface Key {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly role: KeyRole;
  /** The last characters of the secret, by which its holder knows it again; null: it was made before they were kept. */
  readonly ending: string | null;
  /** Name of the key that made it; null: the server did. */
  readonly createdBy: string | null;
  readonly createdAt: number;
  /** Null: it does not expire. */
  readonly expiresAt: number | null;
}

export interface NewKey extends Key {
  readonly hash: string;
}

export interface ListedKey extends Key {
  /** True to a minute, sign-ins that come from it included; null: never, as far as is known. */
  readonly lastUsedAt: number | null;
}

/** `taken`: another of the project has the name; `full`: it has as many as it may. */
export type AddedKey = 'added' | 'taken' | 'full';

/** `last`: the project would have no owner left that does not expire. */
export type RevokedKey = 'revoked' | 'last' | 'gone';

/** How often the use of a key is noted, at most. */
export const USE_NOTED_MS = 60_000;

export interface AccessStore {
  /** The key, unless it has expired, and notes that it was used, where that was not noted within a minute. */
  use(hash: string, now: number): Promise<Key | undefined>;
  /** The name of a key, by which its decisions are known. */
  keyName(hash: string): Promise<string | undefined>;
  /** Newest first, those that have expired too. */
  list(projectId: string): Promise<ListedKey[]>;
  /** Unless its project has `most` keys already. */
  addKey(key: NewKey, most: number): Promise<AddedKey>;
  /** Removes it, with the sign-ins and links that come from it. Of any number at once, one owner that does not expire stays. */
  revoke(projectId: string, id: string): Promise<RevokedKey>;
  /** Adds it where no key exists; false where one does. Of any number at once, one adds. */
  addFirstKey(key: NewKey): Promise<boolean>;
  /** By which links and callback addresses of the project are signed; `fresh`, if given, becomes it where none is. */
  signingKey(projectId: string, fresh?: string): Promise<string | undefined>;
  /** True where no key exists: the first start. */
  isEmpty(): Promise<boolean>;
}

/**
 * Who calls: whoever sends a key, else the browser whose cookie comes along. Both are looked up by their SHA-256 and
 * remembered for a minute, so that a revoked one is refused soon; what is neither is never remembered, so that a flood
 * of guesses fills nothing.
 */
import { MyelinError } from '../core/errors.ts';
import type { KeyRole } from '../core/keys/roles.ts';
import { hashKey } from '../engine/access-key.ts';
import type { Store } from '../ports/store.ts';
import { tokenOf } from './sign-in/cookie.ts';

const REMEMBERED_MS = 60_000;
const MOST = 10_000;

export const KEY_UNKNOWN = 'No project has this key; check it.';
const BROWSER_UNKNOWN = 'This browser is not signed in any more; sign in again.';
const NOTHING_SENT = 'Send a key: Authorization: Bearer KEY.';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
type Stores = Pick<Store, 'access' | 'signIns'>;
type Via = 'key' | 'browser';

export interface Caller {
  readonly projectId: string;
  /** Of the key that was sent, or from which the sign-in comes; decisions are known by its name. */
  readonly keyHash: string;
  readonly keyId: string;
  readonly keyName: string;
  /** What it may. */
  readonly role: KeyRole;
  readonly via: Via;
  /** Of the key or the sign-in. Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
  /** Of the key. */
  readonly keyExpiresAt: number | null;
}

/** Of what is public. */
export const NOBODY: Caller = Object.freeze({
  ...{ projectId: '', keyHash: '', keyId: '', keyName: '', role: 'viewer', via: 'key' },
  ...{ expiresAt: null, keyExpiresAt: null },
} as const);

export class Access {
  readonly #stores: Stores;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly caller: Caller; readonly until: number }>();
  /** How often somebody was forgotten. */
  #forgotten = 0;

  constructor(stores: Stores, now: () => number) {
    this.#stores = stores;
    this.#now = now;
  }

  /** By `Authorization: Bearer` or `X-API-Key`, else by the cookie; throws `unauthorized`. A wrong key is not made good by a cookie. */
  async callerOf(headers: Headers): Promise<Caller> {
    const key = keyOf(headers);
    if (key !== undefined) return await this.#find('key', hashKey(key), KEY_UNKNOWN);
    const { cookie } = headers;
    const token = typeof cookie === 'string' ? tokenOf(cookie) : undefined;
    if (token !== undefined) return await this.#find('browser', hashKey(token), BROWSER_UNKNOWN);
    throw new MyelinError('unauthorized', NOTHING_SENT);
  }

  /** It has signed out. */
  forgetBrowser(hash: string): void {
    this.#known.delete(placeOf('browser', hash));
    this.#forgotten += 1;
  }

  /** It was revoked, and with it the browsers that it signed in. */
  forgetKey(id: string): void {
    for (const [place, { caller }] of this.#known) if (caller.keyId === id) this.#known.delete(place);
    this.#forgotten += 1;
  }

  async #find(via: Via, hash: string, otherwise: string): Promise<Caller> {
    const place = placeOf(via, hash);
    const known = this.#known.get(place);
    if (known !== undefined && known.until > this.#now()) return known.caller;
    const forgotten = this.#forgotten;
    const caller = via === 'key' ? await this.#byKey(hash) : await this.#byCookie(hash);
    this.#known.delete(place);
    if (caller === undefined) throw new MyelinError('unauthorized', otherwise);
    // One that signed out or was revoked while it was looked up must not be remembered.
    if (forgotten === this.#forgotten) this.#remember(place, caller);
    return caller;
  }

  async #byKey(keyHash: string): Promise<Caller | undefined> {
    const key = await this.#stores.access.use(keyHash, this.#now());
    if (key === undefined) return undefined;
    const { id: keyId, name: keyName, projectId, role, expiresAt } = key;
    return { projectId, keyHash, keyId, keyName, role, via: 'key', expiresAt, keyExpiresAt: expiresAt };
  }

  async #byCookie(hash: string): Promise<Caller | undefined> {
    const signIn = await this.#stores.signIns.get(hash, this.#now());
    const holder = signIn && (await this.#byKey(signIn.keyHash));
    return holder && { ...holder, via: 'browser', expiresAt: signIn.expiresAt };
  }

  #remember(place: string, caller: Caller): void {
    if (this.#known.size >= MOST) this.#known.clear();
    const until = Math.min(this.#now() + REMEMBERED_MS, caller.expiresAt ?? Number.POSITIVE_INFINITY);
    this.#known.set(place, { caller, until });
  }
}

/** A key is no token and a token no key, whoever is remembered. */
const placeOf = (via: Via, hash: string): string => `${via} ${hash}`;

/** As it was sent. */
function keyOf(headers: Headers): string | undefined {
  const { authorization, 'x-api-key': key } = headers;
  const bearer = typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  return bearer ?? (typeof key === 'string' && key !== '' ? key : undefined);
}

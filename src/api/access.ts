/**
 * Who calls: the project that a key opens. A key is looked up by its SHA-256 and remembered for a minute, so that a
 * revoked one is refused soon; what is not a key is never remembered, so that a flood of guesses fills nothing.
 */
import { MyelinError } from '../core/errors.ts';
import { hashKey } from '../engine/access-key.ts';
import type { AccessStore } from '../ports/store.ts';

const REMEMBERED_MS = 60_000;
const MOST = 10_000;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export class Access {
  readonly #store: AccessStore;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly projectId: string; readonly until: number }>();

  constructor(store: AccessStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The project of the key in `Authorization: Bearer` or `X-API-Key`; throws `unauthorized`. */
  async projectOf(headers: Headers): Promise<string> {
    const key = keyOf(headers);
    if (key === undefined) throw new MyelinError('unauthorized', 'Send a key: Authorization: Bearer KEY.');
    const hash = hashKey(key);
    const known = this.#known.get(hash);
    if (known !== undefined && known.until > this.#now()) return known.projectId;
    const projectId = await this.#store.projectOf(hash);
    this.#known.delete(hash);
    if (projectId === undefined) throw new MyelinError('unauthorized', 'No project has this key; check it.');
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(hash, { projectId, until: this.#now() + REMEMBERED_MS });
    return projectId;
  }
}

/** As it was sent. */
export function keyOf(headers: Headers): string | undefined {
  const { authorization, 'x-api-key': key } = headers;
  const bearer = typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  return bearer ?? (typeof key === 'string' && key !== '' ? key : undefined);
}

/** API keys and tokens of sign-ins: made from 256 random bits, stored only as a hash. */
import { createHash, randomBytes } from 'node:crypto';
import type { AccessStore } from '../ports/access.ts';
import type { Runtime } from '../ports/runtime.ts';
import { DEFAULT_PROJECT } from '../ports/store.ts';

/** SHA-256 in hex. A fast hash is enough: nobody guesses 256 random bits. */
export function hashKey(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function newKey(): string {
  return `myl_${newToken()}`;
}

/** As many characters of a key are kept as let its holder know it again, and nobody guess it. */
export const endingOf = (apiKey: string): string => apiKey.slice(-4);

/** Lets the key into the default project, as its owner, unless any key is there already: false. */
export async function addFirstKey(access: AccessStore, runtime: Runtime, apiKey: string): Promise<boolean> {
  return await access.addFirstKey({
    id: runtime.id(),
    projectId: DEFAULT_PROJECT,
    name: 'owner',
    role: 'owner',
    hash: hashKey(apiKey),
    ending: endingOf(apiKey),
    createdBy: null,
    createdAt: runtime.now(),
    expiresAt: null,
  });
}

/**
 * Seals by AES-256-GCM: a fresh nonce for each value, and the place (project, connection, version of the key) as
 * additional data, so that nobody who can write to the database puts one connection's secrets into another.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { MyelinError } from '../../core/errors.ts';
import type { MasterKey } from '../../core/master-key.ts';
import type { Sealed, SealPlace, Vault } from '../../ports/connections.ts';
import { givenKeys, keysInFile } from './key-ring.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `keys` are those of the setting; without, they are in the home folder. */
export function createVault({ home, keys }: { home: string; keys?: readonly MasterKey[] | undefined }): Vault {
  const ring = keys === undefined ? keysInFile(home) : givenKeys(keys);
  let known: readonly MasterKey[] = [];
  const keyOf = (version: number): MasterKey | undefined => {
    const found = known.find((key) => key.version === version);
    if (found !== undefined) return found;
    known = ring.read();
    return known.find((key) => key.version === version);
  };
  return {
    isGiven: ring.isGiven,
    seal: async (plain, place) => {
      // Read anew each time: another process may have rotated.
      known = ring.read();
      return seal(known[0] ?? ring.add(0), plain, place);
    },
    open: async (sealed, place) => {
      const key = keyOf(sealed.keyVersion);
      if (key !== undefined) return open(key, sealed, place);
      throw new MyelinError('connection_sealed', `This server has no master key of version ${sealed.keyVersion}.`);
    },
    rotate: async () => ring.add(ring.read()[0]?.version ?? 0).version,
    keep: async (versions, from) => ring.keep(versions, from),
  };
}

function seal({ version, bytes }: MasterKey, plain: string, place: SealPlace): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, bytes, nonce, { authTagLength: TAG_BYTES }).setAAD(aad(place, version));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return { data: new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), text])), keyVersion: version };
}

function open({ version, bytes }: MasterKey, { data }: Sealed, place: SealPlace): string {
  try {
    const decipher = createDecipheriv(CIPHER, bytes, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(aad(place, version))
      .setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(data.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    // Whatever the cipher says, it is the wrong key or a changed value.
    throw new MyelinError('connection_sealed');
  }
}

const aad = ({ projectId, id }: SealPlace, version: number): Buffer =>
  Buffer.from(JSON.stringify([projectId, id, version]));

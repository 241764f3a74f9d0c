/** Where the keys of a vault are: in a setting, or in `master.key` of the home folder, which is made at first need. */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MyelinError } from '../../core/errors.ts';
import { formatMasterKeys, type MasterKey, parseMasterKeys } from '../../core/master-key.ts';

export interface KeyRing {
  readonly isGiven: boolean;
  /** The newest first; empty where there are none yet. */
  read(): readonly MasterKey[];
  /** The newest after it, where `below` is the newest that may be there before; of a setting: the newest there is. */
  add(below: number): MasterKey;
  /** Forgets those that are older than `from` and not among these versions. */
  keep(versions: readonly number[], from: number): void;
}

export function givenKeys(keys: readonly MasterKey[]): KeyRing {
  return { isGiven: true, read: () => keys, add: () => keys[0]!, keep: () => undefined };
}

const FILE = 'master.key';
/** Changes take a moment: a lock that is older was left by a process that died in it. */
const STALE_MS = 10_000;

export function keysInFile(home: string): KeyRing {
  const file = join(home, FILE);
  const write = (keys: readonly MasterKey[]): void => {
    const draft = `${file}.${process.pid}`;
    // Readable by its owner only, from its first moment; a reader never sees half of it.
    writeFileSync(draft, formatMasterKeys(keys), { mode: 0o600, flush: true });
    renameSync(draft, file);
  };
  return {
    isGiven: false,
    read: () => readKeys(file),
    add: (below) =>
      alone(home, () => {
        const keys = readKeys(file);
        // Another process was quicker.
        if (keys[0] !== undefined && keys[0].version > below) return keys[0];
        const key = { version: (keys[0]?.version ?? below) + 1, bytes: new Uint8Array(randomBytes(32)) };
        write([key, ...keys]);
        return key;
      }),
    keep: (versions, from) =>
      alone(home, () => {
        const isKept = (version: number) => version >= from || versions.includes(version);
        write(readKeys(file).filter(({ version }) => isKept(version)));
      }),
  };
}

function readKeys(file: string): readonly MasterKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new MyelinError('connection_sealed', `${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  try {
    return parseMasterKeys(text);
  } catch (error) {
    throw new MyelinError('connection_sealed', `${file} ${(error as Error).message}.`);
  }
}

/** One process at a time: of two that write, one would lose the key of the other. */
function alone<T>(home: string, work: () => T): T {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lock = join(home, `${FILE}.lock`);
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > STALE_MS) rmSync(lock, { force: true });
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new MyelinError('overloaded', `Another process changes ${FILE} at this moment; try again.`);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

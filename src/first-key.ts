/** The owner's key of a new install: made once, kept where the CLI finds it, stored only as a hash. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from './core/json.ts';
import type { Runtime } from './ports/runtime.ts';
import { DEFAULT_PROJECT, type Store } from './ports/store.ts';

export interface FirstKey {
  readonly apiKey: string;
  /** Where it is kept, mode 0600. */
  readonly file: string;
}

/** Undefined where keys exist already. The file's address is kept current in any case. */
export async function firstKey(
  store: Store,
  runtime: Runtime,
  home: string,
  url: string,
): Promise<FirstKey | undefined> {
  const file = join(home, 'credentials.json');
  if (!(await store.access.isEmpty())) {
    const kept = readKey(file);
    if (kept !== undefined) write(file, kept, url);
    return undefined;
  }
  const apiKey = `myl_${randomBytes(32).toString('base64url')}`;
  const hash = createHash('sha256').update(apiKey).digest('hex');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  write(file, apiKey, url);
  await store.access.addKey({ id: runtime.id(), projectId: DEFAULT_PROJECT, name: 'owner', hash });
  return { apiKey, file };
}

function write(file: string, apiKey: string, url: string): void {
  writeFileSync(file, `${JSON.stringify({ apiKey, url }, null, 2)}\n`, { mode: 0o600 });
}

function readKey(file: string): string | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(kept) && typeof kept.apiKey === 'string' ? kept.apiKey : undefined;
  } catch {
    return undefined;
  }
}

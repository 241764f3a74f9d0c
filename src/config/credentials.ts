/** `<home>/credentials.json`: where a server leaves its address and the owner's key, and where the CLI finds them. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ apiKey: z.string().min(1), url: z.string() });
export type Credentials = z.infer<typeof schema>;

export const credentialsFile = (home: string): string => join(home, 'credentials.json');

/** Undefined where there are none, or none that can be read. */
export function readCredentials(home: string): Credentials | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(credentialsFile(home), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Readable by the owner only, from its first moment; a reader never sees half of it. */
export function writeCredentials(home: string, credentials: Credentials): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const draft = `${credentialsFile(home)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, credentialsFile(home));
}

/** Unless the file holds another key by now. */
export function removeCredentials(home: string, apiKey: string): void {
  if (readCredentials(home)?.apiKey === apiKey) rmSync(credentialsFile(home), { force: true });
}

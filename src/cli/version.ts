/** The version of this program, as its package says. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PACKAGE_FILE = fileURLToPath(new URL('../../package.json', import.meta.url));

export function readVersion(): string {
  return JSON.parse(readFileSync(PACKAGE_FILE, 'utf8')).version;
}

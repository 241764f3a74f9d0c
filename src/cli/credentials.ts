/** Which server to speak to, and with what key: from the environment, else the nearest `.myelin/credentials.json`. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { credentialsFile } from '../config/credentials.ts';
import { CommandError } from './exit.ts';
import type { Io } from './io.ts';

export interface Credentials {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** The file that was read, if any. */
  readonly file: string | undefined;
}

const DEFAULT_URL = 'http://127.0.0.1:4400';
const INSTALLATION = fileURLToPath(new URL('../..', import.meta.url));

const fileSchema = z.object({ url: z.url({ protocol: /^https?$/ }), apiKey: z.string().min(1) });

/** Throws `CommandError` for a file that is there but cannot be used. */
export function findCredentials({ env, cwd }: Pick<Io, 'env' | 'cwd'>): Credentials {
  const [url, apiKey] = [env.MYELIN_URL || undefined, env.MYELIN_API_KEY || undefined];
  if (url !== undefined && !URL.canParse(url)) {
    throw new CommandError(
      'config_refused',
      `MYELIN_URL is "${url}", which is no address; write it like ${DEFAULT_URL}.`,
    );
  }
  if (url !== undefined && apiKey !== undefined) return { url, apiKey, file: undefined };
  const found = readFirst(places(env, cwd));
  // The key of one server is not sent to another.
  const isSame = url === undefined || (found !== undefined && new URL(found.url).origin === new URL(url).origin);
  return {
    url: url ?? found?.url ?? DEFAULT_URL,
    apiKey: apiKey ?? (isSame ? found?.apiKey : undefined),
    file: found?.file,
  };
}

/** `MYELIN_HOME`, then `.myelin` of this folder and each above it, then that of the installation. */
function places(env: Io['env'], cwd: string): string[] {
  const folders: string[] = [];
  for (let at = resolve(cwd); ; at = dirname(at)) {
    folders.push(join(at, '.myelin'));
    if (dirname(at) === at) break;
  }
  const home = env.MYELIN_HOME ? [resolve(cwd, env.MYELIN_HOME)] : [];
  return [...home, ...folders, join(INSTALLATION, '.myelin')].map(credentialsFile);
}

function readFirst(files: readonly string[]): { file: string; url: string; apiKey: string } | undefined {
  for (const file of files) {
    const text = readText(file);
    if (text === undefined) continue;
    const checked = fileSchema.safeParse(parseOr(text));
    if (checked.success) return { file, ...checked.data };
    throw new CommandError(
      'config_refused',
      `${file} does not hold { "url", "apiKey" }. Remove it, or set MYELIN_URL and MYELIN_API_KEY.`,
    );
  }
  return undefined;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CommandError(
      'config_refused',
      `${file} cannot be read (${code}). Run as its owner, or set MYELIN_URL and MYELIN_API_KEY.`,
    );
  }
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

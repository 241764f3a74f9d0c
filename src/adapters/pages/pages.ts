/**
 * The pages are built from `ui/` when they are first needed and whenever their sources have changed, by a process of
 * their own, so that the server answers meanwhile. What is built is moved into place whole.
 */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Pages } from '../../ports/pages.ts';
import type { Logger } from '../../ports/runtime.ts';
import { firstChunks } from './first-chunks.ts';

/** Everything that the built files depend on, relative to the folder of the program. */
const SOURCES = ['ui/src/**/*', 'ui/public/**/*', 'ui/*.{html,json,ts}', 'src/contract/**/*.ts', 'src/core/**/*.ts'];
const MARK = '.sources';
/** A build that another process began is waited for so long. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

export interface PagesOptions {
  /** Folder of the program: it has `ui/`. */
  readonly root: string;
  readonly log: Logger;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Resolves at once; the build goes on behind it. */
export function openPages(options: PagesOptions): Pages {
  const folder = join(options.root, 'ui', 'dist');
  let state: ReturnType<Pages['state']> = { is: 'building' };
  let first: Pages['first'] = () => [];
  build(options, folder).then(
    () => {
      first = firstChunks(folder);
      state = { is: 'ready' };
    },
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      state = { is: 'failed' };
      options.log.error({ reason }, 'the pages could not be built; everything else works');
    },
  );
  return { folder, first: (path) => first(path), state: () => state };
}

async function build({ root, log, sleep }: PagesOptions, folder: string): Promise<void> {
  const wanted = fingerprint(root);
  const isBuilt = () => markOf(folder) === wanted;
  if (isBuilt()) return;
  const [lock, owner] = [`${folder}.lock`, randomUUID()];
  for (let waited = 0; !take(lock, owner) && waited < PATIENCE_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS);
    if (isBuilt()) return;
  }
  const fresh = `${folder}.${process.pid}`;
  try {
    const begun = performance.now();
    log.info({}, 'building the pages');
    await runVite(join(root, 'ui'), fresh);
    writeFileSync(join(fresh, MARK), wanted);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    log.info({ ms: Math.round(performance.now() - begun) }, 'the pages are built');
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    release(lock, owner);
  }
}

function markOf(folder: string): string | undefined {
  const file = join(folder, MARK);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Of names and contents: a checkout that is copied has other times. */
function fingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const name of globSync(SOURCES, { cwd: root }).sort()) {
    const file = join(root, name);
    if (statSync(file).isFile()) hash.update(`${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** False while another process has it; one that died with it is passed over after a while. */
function take(lock: string, owner: string): boolean {
  try {
    writeFileSync(lock, owner, { flag: 'wx' });
    return true;
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > PATIENCE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** Who was patient for too long has built without it, and must leave it to whoever has it. */
function release(lock: string, owner: string): void {
  if (existsSync(lock) && readFileSync(lock, 'utf8') === owner) rmSync(lock, { force: true });
}

function runVite(ui: string, outDir: string): Promise<void> {
  const manifest = createRequire(join(ui, 'package.json')).resolve('vite/package.json');
  const program = join(dirname(manifest), 'bin', 'vite.js');
  const words = [
    program,
    'build',
    '--configLoader',
    'native',
    '--outDir',
    outDir,
    '--emptyOutDir',
    '--logLevel',
    'error',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd: ui, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-2_000);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`vite ended with ${code}: ${said.trim()}`));
    });
  });
}

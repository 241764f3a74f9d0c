/**
 * What the page at an address needs beside what every page has, so that the server can name it with the page itself:
 * otherwise the browser learns of it only when the first scripts have run.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** In the folder of what is built: `[["/workflows/$id", ["assets/…js"]]]`. */
const FILE = 'first.json';
/** A route has its path before its page. */
const ROUTE = /\bpath: '([^']+)'[\s\S]*?\bimport\('\.\/([^']+)'\)/g;

export function firstChunks(): Plugin {
  return {
    name: 'myelin-first-chunks',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const entry = chunks.find((one) => one.isEntry);
      const known = new Set(entry === undefined ? [] : withImports(bundle, entry.fileName));
      const first = globSync('src/features/*/routes.ts', { cwd: import.meta.dirname }).flatMap((name) => {
        const file = join(import.meta.dirname, name);
        return [...readFileSync(file, 'utf8').matchAll(ROUTE)].map(([, path, page]) => {
          const module = join(dirname(file), page ?? '');
          const chunk = chunks.find((one) => one.facadeModuleId === module);
          if (chunk === undefined) throw new Error(`${name}: there is no chunk of ${page}`);
          return [path, withImports(bundle, chunk.fileName).filter((one) => !known.has(one))];
        });
      });
      this.emitFile({ type: 'asset', fileName: FILE, source: JSON.stringify(first) });
    },
  };
}

/** A chunk and all that it imports before it runs. */
function withImports(bundle: Rolldown.OutputBundle, fileName: string): string[] {
  const found = new Set([fileName]);
  for (const name of found) {
    const one = bundle[name];
    if (one?.type === 'chunk') for (const other of one.imports) found.add(other);
  }
  return [...found];
}

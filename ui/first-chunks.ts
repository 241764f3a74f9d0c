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
/** A part that the page begins to fetch as soon as it runs (components/early.tsx). */
const EARLY = /\bearly\(import\('\.\/([^']+)'\)\)/g;

export function firstChunks(): Plugin {
  return {
    name: 'myelin-first-chunks',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const entry = chunks.find((one) => one.isEntry);
      const known = new Set(entry === undefined ? [] : withImports(bundle, entry.fileName));
      const first = globSync('src/features/*/routes.ts', { cwd: import.meta.dirname }).flatMap((name) => {
        const file = join(import.meta.dirname, name);
        const chunkOf = (module: string) => {
          const chunk = chunks.find((one) => one.facadeModuleId === module);
          if (chunk === undefined) throw new Error(`${name}: there is no chunk of ${module}`);
          return chunk.fileName;
        };
        return [...readFileSync(file, 'utf8').matchAll(ROUTE)].map(([, path, page = '']) => {
          const module = join(dirname(file), page);
          const parts = [...readFileSync(module, 'utf8').matchAll(EARLY)].map(([, part = '']) =>
            join(dirname(module), part),
          );
          const files = [module, ...parts].flatMap((one) => withImports(bundle, chunkOf(one)));
          return [path, [...new Set(files)].filter((one) => !known.has(one))];
        });
      });
      this.emitFile({ type: 'asset', fileName: FILE, source: JSON.stringify(first) });
    },
  };
}

/** A chunk and all that it imports before it runs, with their styles. */
function withImports(bundle: Rolldown.OutputBundle, fileName: string): string[] {
  const found = new Set([fileName]);
  const styles = new Set<string>();
  for (const name of found) {
    const one = bundle[name];
    if (one?.type !== 'chunk') continue;
    for (const other of one.imports) found.add(other);
    for (const style of one.viteMetadata?.importedCss ?? []) styles.add(style);
  }
  return [...found, ...styles];
}

/**
 * The pages: one bundle for each of them, loaded when it is visited. What the browser knows of the API comes from the
 * table of routes, so that no path is written twice.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { ROUTES } from '../src/contract/routes.ts';
import { LEAST_ROLES } from '../src/core/keys/roles.ts';
import { firstChunks } from './first-chunks.ts';

const ROUTES_MODULE = 'virtual:routes';

/** Of each operation what the pages need to ask it, and the least role that may; the schemas are for the server. */
function routeTable(): Plugin {
  const table = Object.fromEntries(
    Object.entries(ROUTES).map(([id, { method, path, tag, permission }]) => [
      id,
      { method, path, tag, role: LEAST_ROLES[permission] },
    ]),
  );
  return {
    name: 'myelin-routes',
    resolveId: (id) => (id === ROUTES_MODULE ? `\0${id}` : undefined),
    load: (id) => (id === `\0${ROUTES_MODULE}` ? `export default ${JSON.stringify(table)}` : undefined),
  };
}

/** Each file also compressed, as small as can be, so that the server never has to. */
function compressed(): Plugin {
  return {
    name: 'myelin-compressed',
    writeBundle({ dir = '' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
        const text = readFileSync(join(dir, name));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }));
        const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text, best));
      }
    },
  };
}

// Who starts the server may have another one, as tests do; the pages are always those for people.
process.env.NODE_ENV = process.argv.includes('build') ? 'production' : 'development';

const SEP = String.raw`[\\/]`;
/** By their paths, with slashes as they stand on any machine. */
const files = (...paths: readonly string[]) => new RegExp(paths.join('|').replaceAll('/', SEP));

/** What most pages are made of; not the editors of text, charts, forms and views of values, which few need. */
const PARTS = files(
  'ui/src/(?:app|api)/(?!palette|sign-in)',
  'ui/src/components/(?!code-editor|chart|schema|connection/|approval/|blob-view|json-view)',
  'ui/src/graph/(?:icons|type-icons|document|marks|run-marks|trigger-line)[.]',
  'ui/src/features/executions/first-reading[.]',
  'src/core/money[.]',
  'node_modules/(?:lucide-react|clsx|@radix-ui|@floating-ui)/',
);
/** What the views of an execution share; the views themselves come one by one. */
const RUN = files(String.raw`ui/src/features/executions/run/(?:view[.]tsx|[\w-]+[.]ts)$`);
/** What draws graphs, which is wanted as a whole. */
const CANVAS = files('ui/src/graph/', 'node_modules/(?:@xyflow|@dagrejs)/');

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [routeTable(), react(), tailwind(), firstChunks(), compressed()],
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    target: 'es2023',
    // A preload of every chunk would fetch pages that nobody asked for.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: files('node_modules/(?:react|react-dom|scheduler|use-sync-external-store)/'),
              priority: 3,
            },
            { name: 'tanstack', test: files('node_modules/@tanstack/'), priority: 3 },
            // Small pieces that every page has come as one: a request costs more than what it brings.
            { name: 'parts', test: PARTS, priority: 2 },
            { name: 'run', test: RUN, priority: 1 },
            { name: 'canvas', test: CANVAS, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4400' } },
});

/** The law of the house, held against every file; and the checker itself, held against files that break it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as check from './architecture/check.ts';
import { blankStringsAndComments, readSources, sourceFile } from './architecture/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the house', () => {
  const src = readSources(root, ['src']);
  const bin = readSources(root, ['bin']);
  const pages = readSources(root, ['ui/src']);
  const all = [...src, ...bin, ...pages, ...readSources(root, ['test', 'bench', 'scripts', 'examples'])];
  const paths = all.map((file) => file.path);

  test('is there to be looked at', () => {
    expect(src.length).toBeGreaterThan(10);
    expect(src.flatMap((file) => file.imports).length).toBeGreaterThan(10);
  });

  test('imports only as the law says', () => expect(check.importFaults(src)).toEqual([]));
  test('has pages that import only as their law says', () => expect(check.pageFaults(pages)).toEqual([]));
  test('has no cycles', () => expect(check.cycles([...src, ...pages])).toEqual([]));
  test('starts without what it may not need', () => expect(check.startFaults([...src, ...pages])).toEqual([]));
  test('has everything in its place', () => expect(check.placeFaults([...src, ...bin])).toEqual([]));
  test('has no file that is too long', () => expect(check.sizeFaults(all)).toEqual([]));
  test('has no empty names', () => expect(check.nameFaults(paths)).toEqual([]));
  test('has nothing unfinished', () => expect(check.unfinishedFaults(src)).toEqual([]));
  test('depends on no forbidden package', () => {
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    );
    expect(names).toContain('zod');
    expect(check.packageFaults(names)).toEqual([]);
  });
});

test('the checker of starts follows what is loaded at once', () => {
  const files = (body: string) => [
    sourceFile('src/app.ts', "import { a } from './a.ts';"),
    sourceFile('src/a.ts', body),
    sourceFile('src/b.ts', "import { Kafka } from 'kafka';"),
  ];
  const law = { 'src/app.ts': { reason: 'it is large', late: ['kafka'] } };
  expect(check.startFaults(files("import { b } from './b.ts';"), law)).toEqual([
    'src/app.ts -> src/a.ts -> src/b.ts -> kafka: it is large',
  ]);
  expect(check.startFaults(files("const { b } = await import('./b.ts');"), law)).toEqual([]);
  expect(check.startFaults(files("import type { B } from './b.ts';"), law)).toEqual([]);
});

describe('the checker of imports', () => {
  const faults = (path: string, text: string): string[] => check.importFaults([sourceFile(path, text)]);

  test.each([
    ['src/core/a.ts', "import { b } from './b.ts';"],
    ['src/core/x/a.ts', "import { z } from 'zod';"],
    ['src/core/a.test.ts', "import { readFileSync } from 'node:fs'; import fc from 'fast-check';"],
    ['src/ports/a.ts', "import type { Json } from '../core/json.ts';"],
    ['src/nodes/registry.ts', "import { http } from './http/index.ts'; import { delay } from './delay.ts';"],
    ['src/nodes/http/auth.ts', "import { query } from './query.ts'; import { createHmac } from 'node:crypto';"],
    ['src/nodes/delay.test.ts', "import { delay } from './delay.ts';"],
    ['src/engine/a.ts', "import { x } from '../nodes/registry.ts'; import { y } from '../agents/loop.ts';"],
    ['src/adapters/memory/store.test.ts', "import { storeSuite } from '../../testing/store.suite.ts';"],
    ['src/engine/a.int.test.ts', "import { open } from '../adapters/postgres/open.ts';"],
    ['src/sdk/builder.ts', "import type { Http } from '../nodes/http/index.ts';"],
    ['src/sdk/builder.ts', "import { type Http, type Delay } from '../nodes/registry.ts';"],
    ['src/app.ts', "import { open } from './adapters/postgres/open.ts'; import './api/server.ts';"],
    ['src/main.ts', "const { start } = await import('./app.ts');"],
    ['src/core/a.ts', "const text = \"import { x } from '../engine/x.ts'\"; // import '../api/x.ts'"],
  ])('lets %s have %s', (path, text) => expect(faults(path, text)).toEqual([]));

  test.each([
    ['src/core/a.ts', "import { x } from '../ports/runtime.ts';"],
    ['src/core/a.ts', "import type { X } from '../engine/x.ts';"],
    ['src/core/a.ts', "export { x } from '../nodes/x.ts';"],
    ['src/core/a.ts', "export * from '../nodes/x.ts';"],
    ['src/core/a.ts', "import {\n  a,\n  b,\n} from 'pino';"],
    ['src/core/a.ts', "import { hash } from 'node:crypto';"],
    ['src/core/a.test.ts', "import { x } from '../engine/x.ts';"],
    ['src/ports/a.ts', "import { z } from 'zod';"],
    ['src/nodes/a.ts', "import { b } from './b.ts';"],
    ['src/nodes/http/a.ts', "import type { B } from '../delay.ts';"],
    ['src/nodes/a.ts', "import { spawn } from 'node:child_process';"],
    ['src/nodes/a.ts', "import { x } from '../engine/x.ts';"],
    ['src/triggers/a.ts', "import { x } from '../nodes/x.ts';"],
    ['src/triggers/webhook/registry.ts', "import { x } from '../manual.ts';"],
    ['src/engine/a.ts', "import { open } from '../adapters/postgres/open.ts';"],
    ['src/engine/a.ts', "import { x } from '../testing/x.ts';"],
    ['src/engine/a.ts', "import { x } from './b.test.ts';"],
    ['src/adapters/memory/a.ts', "import { x } from '../postgres/x.ts';"],
    ['src/adapters/memory/a.test.ts', "import { x } from '../postgres/x.ts';"],
    ['src/adapters/memory/a.ts', "import { x } from '../../testing/x.ts';"],
    ['src/api/a.ts', "const x = await import('../adapters/postgres/x.ts');"],
    ['src/contract/a.ts', "import { x } from '../ports/x.ts';"],
    ['src/sdk/a.ts', "import { http } from '../nodes/http/index.ts';"],
    ['src/sdk/a.ts', "import { http, type Http } from '../nodes/http/index.ts';"],
    ['src/cli/start.ts', "import { start } from '../app.ts';"],
    ['src/config/a.ts', "import '../engine/x.ts';"],
    ['src/engine/a.ts', "new Worker(new URL('../adapters/sandbox/worker.ts', import.meta.url));"],
    ['src/engine/a.ts', "import vm from 'node:vm';"],
    ['src/engine/a.test.ts', "import { Kafka } from 'kafkajs';"],
    ['src/engine/a.ts', "import x from '../../bench/x.ts';"],
    ['src/lib/a.ts', ''],
    ['src/stray.ts', ''],
  ])('refuses in %s %s', (path, text) => expect(faults(path, text)).toHaveLength(1));
});

describe('the checker of pages', () => {
  const faults = (path: string, text: string): string[] => check.pageFaults([sourceFile(path, text)]);

  test.each([
    ['ui/src/features/a/a-page.tsx', "import { x } from '../../components/x.tsx'; import { y } from './y.ts';"],
    ['ui/src/features/a/b/c.ts', "import type { Page } from '../../../../../src/contract/page.ts';"],
    ['ui/src/graph/a.ts', "import { parseEdge } from '../../../src/core/definition/edge.ts';"],
    ['ui/src/routes.ts', "import { aRoutes } from './features/a/routes.ts';"],
    ['ui/src/main.tsx', "import './styles.css'; import { createRoot } from 'react-dom/client';"],
  ])('lets %s have %s', (path, text) => expect(faults(path, text)).toEqual([]));

  test.each([
    ['ui/src/features/a/a-page.tsx', "import { x } from '../b/x.ts';"],
    ['ui/src/features/a/a-page.tsx', "import { page } from '../../../../src/contract/page.ts';"],
    ['ui/src/features/a/a-page.tsx', "import type { Store } from '../../../../src/ports/store.ts';"],
    ['ui/src/components/a.tsx', "import { x } from '../features/a/x.ts';"],
    ['ui/src/app/a.tsx', "import { x } from '../graph/x.ts';"],
    ['ui/src/lib/a.ts', "import { x } from '../api/x.ts';"],
  ])('refuses in %s %s', (path, text) => expect(faults(path, text)).toHaveLength(1));
});

test('the checker of cycles finds them through types, and finds none in a diamond', () => {
  const a = sourceFile('src/core/a.ts', "import type { B } from './b.ts';");
  const b = sourceFile('src/core/b.ts', "import { c } from './x/c.ts';");
  const c = sourceFile('src/core/x/c.ts', "import { a } from '../a.ts';");
  expect(check.cycles([a, b, c])).toEqual(['src/core/a.ts -> src/core/b.ts -> src/core/x/c.ts -> src/core/a.ts']);
  const top = sourceFile('src/core/top.ts', "import './b.ts'; import './a.ts';");
  const leaf = sourceFile('src/core/x/c.ts', '');
  expect(check.cycles([top, a, b, leaf])).toEqual([]);
  expect(check.cycles([sourceFile('src/core/a.ts', "import './a.ts';")])).toHaveLength(1);
});

describe('the checker of places', () => {
  const faults = (path: string, text: string): string[] => check.placeFaults([sourceFile(path, text)]);

  test.each([
    'const url = process.env.DATABASE_URL;',
    'const all = { ...process.env };',
    "const url = process['env'];",
    'const { env } = process;',
    "await fetch('http://x');",
    'await globalThis.fetch(url);',
    'new WebSocket(url);',
    'const r = http.request(options);',
    'https.get(url);',
    'const s = net.connect(80);',
    'tls.connect({});',
    "import { request } from 'undici';",
    "import https from 'node:https';",
    "import { spawn } from 'node:child_process';",
    "import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';",
    'const x = eval(text);',
    'const f = new Function(text);',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
    'const t = `a ${await fetch(url)} b`;',
  ])('refuses %s', (text) => expect(faults('src/engine/a.ts', text)).toHaveLength(1));

  test.each([
    ['src/config/read.ts', 'const env = process.env;'],
    ['bin/myelin.js', 'process.env.PATH;'],
    ['src/adapters/egress/client.ts', "import { request } from 'undici'; net.connect(1);"],
    ['src/adapters/tools/mcp/transport.ts', "import { a } from '@modelcontextprotocol/client/stdio';"],
    ['src/sdk/client.ts', 'await fetch(url);'],
    ['src/api/a.int.test.ts', 'await fetch(url);'],
    ['src/engine/a.ts', "const s = 'fetch(x) process.env eval(y)'; /* new Function */ // fetch("],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
    ['src/engine/a.ts', 'const t = `fetch(x) \\` process.env ${name} eval(y)`;'],
    ['src/engine/a.ts', 'const r = /["\'`]|fetch(x)/; const q = a / b;'],
    ['src/engine/a.ts', 'store.fetch(id); prefetch(1); server.env; http.createServer();'],
  ])('lets %s have %s', (path, text) => expect(faults(path, text)).toEqual([]));

  test('holds everyone to what nobody may', () => {
    expect(faults('src/config/a.test.ts', 'eval(text)')).toHaveLength(1);
    expect(faults('src/adapters/egress/a.ts', 'process.env.X')).toHaveLength(1);
  });
});

test('the checkers of size, names, leftovers and packages can fail', () => {
  const lines = (count: number): string => 'x\n'.repeat(count);
  expect(check.sizeFaults([sourceFile('src/core/a.ts', lines(400)), sourceFile('b.test.ts', lines(800))])).toEqual([]);
  expect(check.sizeFaults([sourceFile('src/core/a.ts', lines(401)), sourceFile('b.test.ts', lines(801))])).toHaveLength(
    2,
  );
  const bad = ['src/core/utils.ts', 'src/helpers/a.ts', 'src/engine/task-manager.ts', 'src/api/common.test.ts'];
  expect(check.nameFaults([...bad, 'src/core/community.ts', 'src/nodes/http/service-level.ts'])).toHaveLength(5);
  expect(check.unfinishedFaults([sourceFile('a.ts', '// TODO: x'), sourceFile('b.ts', 'todos')])).toHaveLength(1);
  expect(check.packageFaults(['zod', 'vm2', 'kafkajs'])).toHaveLength(2);
});

test('the scanner keeps the length and the lines, whatever it reads', () => {
  const files = readSources(root, ['src', 'test']);
  for (const { path, text } of files) {
    const code = blankStringsAndComments(text);
    expect(code.length, path).toBe(text.length);
    expect(code.split('\n').length, path).toBe(text.split('\n').length);
  }
});

/** Builds by a program that stands where Vite is, and does what the test says. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPages } from './pages.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pages-'));
  mkdirSync(join(root, 'ui/node_modules/vite/bin'), { recursive: true });
  writeFileSync(join(root, 'ui/package.json'), '{}');
  writeFileSync(join(root, 'ui/node_modules/vite/package.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

/** What is in `ui` after a build by this program, and what the log says of a failure. */
async function built(program: string) {
  const begin = `const out = process.argv[process.argv.indexOf('--outDir') + 1]; const fs = require('node:fs');`;
  writeFileSync(join(root, 'ui/node_modules/vite/bin/vite.js'), `${begin} fs.mkdirSync(out); ${program}`);
  const over = Promise.withResolvers<string>();
  const pages = openPages({
    root,
    sleep: () => Promise.resolve(),
    log: {
      ...{ debug: () => undefined, warn: () => undefined },
      info: (_, text) => text === 'the pages are built' && over.resolve(''),
      error: (told) => over.resolve(String((told as { reason: string }).reason)),
    },
  });
  const reason = await over.promise;
  return { pages, reason, files: readdirSync(join(root, 'ui')).sort() };
}

const GOOD = `fs.writeFileSync(out + '/index.html', 'x');`;

test('what is built is moved into place, and nothing else is left', async () => {
  const { files } = await built(GOOD);
  expect(files).toEqual(['dist', 'node_modules', 'package.json']);
  expect(readFileSync(join(root, 'ui/dist/index.html'), 'utf8')).toBe('x');
});

test('a build that fails leaves nothing behind, and only the log says why', async () => {
  const { pages, reason, files } = await built(`${GOOD} console.error('no such file /home/ada/x'); process.exit(3);`);
  expect(files).toEqual(['node_modules', 'package.json']);
  expect(reason).toContain('vite ended with 3: no such file /home/ada/x');
  expect(pages.state()).toEqual({ is: 'failed' });
});

test('who could wait no longer leaves the lock to the one who has it', async () => {
  const lock = join(root, 'ui/dist.lock');
  writeFileSync(lock, 'of another process');
  await built(GOOD);
  expect(existsSync(lock)).toBe(true);
});

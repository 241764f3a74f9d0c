import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { firstChunks } from './first-chunks.ts';

const folder = mkdtempSync(join(tmpdir(), 'myelin-chunks-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the files of the route that an address fits, of a plain one before one with a name', () => {
  const routes = [
    ['/', ['assets/home.js']],
    ['/workflows', ['assets/list.js']],
    ['/workflows/$id', ['assets/one.js', 'assets/canvas.js']],
    ['/workflows/new', ['assets/new.js']],
  ];
  writeFileSync(join(folder, 'first.json'), JSON.stringify(routes));
  const chunks = firstChunks(folder);
  expect(chunks('/')).toEqual(['assets/home.js']);
  expect(chunks('/workflows')).toEqual(['assets/list.js']);
  expect(chunks('/workflows/0199')).toEqual(['assets/one.js', 'assets/canvas.js']);
  expect(chunks('/workflows/new')).toEqual(['assets/new.js']);
  expect(chunks('/workflows/0199/versions')).toEqual([]);
});

test('a build that wrote nothing down needs nothing first', () => {
  expect(firstChunks(join(folder, 'nowhere'))('/')).toEqual([]);
});

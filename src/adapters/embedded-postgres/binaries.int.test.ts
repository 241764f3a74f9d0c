import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linkLibraries } from './binaries.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'myelin-links-'));
});

afterEach(() => rmSync(root, { recursive: true }));

/** A package with one library and a list of one link to it. */
function makePackage(name: string): string {
  const native = join(root, name, 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'lib', 'libx.so.1.2'), name);
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  return native;
}

test('the links that npm cannot carry are made, and follow the package when it moves', () => {
  const folder = join(root, 'links');
  linkLibraries(makePackage('old'), folder);
  expect(readFileSync(join(folder, 'libx.so.1'), 'utf8')).toBe('old');
  linkLibraries(makePackage('new'), folder);
  expect(readFileSync(join(folder, 'libx.so.1'), 'utf8')).toBe('new');
});

test('a link that leads nowhere is replaced, one that is right is left', () => {
  const native = makePackage('old');
  const folder = join(root, 'links');
  mkdirSync(folder);
  symlinkSync('/nowhere', join(folder, 'libx.so.1'));
  linkLibraries(native, folder);
  linkLibraries(native, folder);
  expect(readlinkSync(join(folder, 'libx.so.1'))).toBe(join(native, 'lib', 'libx.so.1.2'));
});

test('a package without a list needs no links', () => {
  const native = makePackage('old');
  rmSync(join(native, 'pg-symlinks.json'));
  linkLibraries(native, join(root, 'links'));
  expect(() => readlinkSync(join(root, 'links', 'libx.so.1'))).toThrow('ENOENT');
});

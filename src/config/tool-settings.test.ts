import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Fault } from '../core/errors.ts';
import { readToolSettings, secretsOf } from './tool-settings.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

function read(block: unknown) {
  const faults: Fault[] = [];
  const sources = readToolSettings(block, folder, faults);
  return { sources, places: faults.map(({ path }) => path), words: faults.map(({ message }) => message).join('; ') };
}

test.each([undefined, null, {}])('no block, no sources: %j', (block) => {
  expect(read(block)).toEqual({ sources: [], places: [], words: '' });
});

test('a file is found from the folder of the settings, and everything else has a default', () => {
  expect(read({ pets: { openapi: './tool-settings.ts' } }).sources).toEqual([
    {
      kind: 'openapi',
      name: 'pets',
      description: 'tool-settings.ts',
      document: `${folder}tool-settings.ts`,
      effects: {},
      timeoutMs: 60_000,
    },
  ]);
});

test('all that can be said', () => {
  const { sources, places } = read({
    shop: {
      openapi: 'https://shop.example/openapi.json?key=hunter2',
      baseUrl: 'https://api.shop.example/v2',
      auth: { type: 'header', name: 'X-Key', secret: 'SHOP' },
      include: ['list*'],
      effects: { createOrder: 'idempotent' },
      timeout: '5s',
    },
    github: {
      mcp: { url: 'https://mcp.example/mcp', headers: { authorization: { secret: 'GITHUB' }, 'x-team': 'a' } },
    },
    files: {
      mcp: { command: 'npx', args: ['-y', 'files'], env: { TOKEN: { secret: 'FILES' }, MODE: 'ro' } },
      description: 'Files of the team',
    },
  });
  expect(places).toEqual([]);
  expect(sources).toMatchObject([
    { kind: 'openapi', description: 'shop.example/openapi.json', timeoutMs: 5_000, include: ['list*'] },
    { kind: 'mcp', description: 'mcp.example/mcp', server: { url: 'https://mcp.example/mcp' } },
    { kind: 'mcp', description: 'Files of the team', server: { command: 'npx', cwd: folder } },
  ]);
  expect(sources.flatMap(secretsOf)).toEqual(['SHOP', 'GITHUB', 'FILES']);
});

test.each([
  [['a'], ['tools']],
  [{ 'Git Hub': { mcp: { url: 'https://a.example' } } }, ['tools.Git Hub']],
  [{ a: {} }, ['tools.a']],
  [{ a: { mcp: { url: 'https://a.example' }, openapi: 'x' } }, ['tools.a']],
  [{ a: { openapi: './nothing.yaml' } }, ['tools.a.openapi']],
  [{ a: { openapi: 'https://me:pw@a.example/x' } }, ['tools.a.openapi']],
  [{ a: { openapi: 'https://a.example/x', baseUrl: 'ftp://a' } }, ['tools.a.baseUrl']],
  [{ a: { openapi: 'https://a.example/x', auth: { type: 'bearer', secret: 'constructor' } } }, ['tools.a.auth.secret']],
  [
    { a: { openapi: 'https://a.example/x', auth: { type: 'bearer', token: 'x' } } },
    ['tools.a.auth.secret', 'tools.a.auth.token'],
  ],
  [{ a: { openapi: 'https://a.example/x', effects: { b: 'reconcilable' } } }, ['tools.a.effects.b']],
  [{ a: { openapi: 'https://a.example/x', timeout: '2h' } }, ['tools.a.timeout']],
  [{ a: { mcp: { url: 'https://a.example', headers: { 'a b': 'x' } } } }, ['tools.a.mcp.headers.a b']],
  [{ a: { mcp: { command: './nothing' } } }, ['tools.a.mcp.command']],
  [{ a: { mcp: { command: 'npx', shell: true } } }, ['tools.a.mcp.shell']],
  [{ a: { mcp: { command: 'npx', env: { 'A=B': 'x' } } } }, ['tools.a.mcp.env.A=B']],
  [{ a: { mcp: 'npx x' } }, ['tools.a.mcp']],
])('%j is refused with its places', (block, places) => {
  expect(read(block).places).toEqual(places);
});

test('all faults are told at once', () => {
  expect(read({ a: {}, b: { openapi: './nothing.yaml' }, c: { mcp: {} } }).places).toEqual([
    'tools.a',
    'tools.b.openapi',
    'tools.c.mcp.url',
  ]);
});

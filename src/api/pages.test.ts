import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Pages } from '../ports/pages.ts';
import { serverParts } from '../testing/api.ts';
import { createApi } from './api.ts';

const folder = mkdtempSync(join(tmpdir(), 'myelin-pages-'));
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), '<title>the pages</title>');
writeFileSync(join(folder, 'theme.js'), 'theme()');
writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'app()');
writeFileSync(join(folder, 'assets', 'app-1a2b.js.br'), 'smaller');
afterAll(() => rmSync(folder, { recursive: true }));

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

const first = (path: string) => (path === '/workflows' ? ['assets/list-3c4d.js', 'assets/part-5e6f.css'] : []);

async function get(
  url: string,
  headers: Record<string, string> = BROWSER,
  state: ReturnType<Pages['state']> = { is: 'ready' },
) {
  const app = await createApi({ ...serverParts(), pages: { folder, first, state: () => state } });
  const answer = await app.inject({ method: 'GET', url, headers });
  await app.close();
  return answer;
}

test('a browser gets the page at every address that is not of the API, without a key', async () => {
  for (const url of ['/', '/executions', '/workflows/some-id?view=yaml', '/sign-in']) {
    const { statusCode, body, headers } = await get(url);
    expect([url, statusCode, body]).toEqual([url, 200, '<title>the pages</title>']);
    expect(headers['cache-control']).toBe('no-cache');
  }
});

test('with the page come the names of the files that it needs next', async () => {
  expect((await get('/workflows?status=active')).headers.link).toBe(
    '</assets/list-3c4d.js>; rel=modulepreload, </assets/part-5e6f.css>; rel=preload; as=style; crossorigin',
  );
  expect((await get('/executions')).headers.link).toBeUndefined();
});

test('scripts come from this host only, and no page may be framed', async () => {
  const policy = String((await get('/executions')).headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('http');
});

test('files with a hash in their name are kept for ever, and sent compressed', async () => {
  const plain = await get('/assets/app-1a2b.js');
  expect([plain.body, plain.headers['cache-control']]).toEqual(['app()', 'public, max-age=31536000, immutable']);
  const small = await get('/assets/app-1a2b.js', { ...BROWSER, 'accept-encoding': 'br' });
  expect([small.body, small.headers['content-encoding']]).toEqual(['smaller', 'br']);
  expect((await get('/theme.js')).headers['cache-control']).toBe('no-cache');
});

test('programs get problems, as before', async () => {
  const json = await get('/executions', { accept: 'application/json' });
  expect([json.statusCode, json.json().code]).toEqual([404, 'not_found']);
  expect((await get('/api/nothing')).statusCode).toBe(401);
  expect((await get('/assets/nothing.js')).statusCode).toBe(404);
  expect((await get('/assets/..%2f..%2fpackage.json')).body).not.toContain('dependencies');
});

test('while they are built, and where they cannot be, a page says so', async () => {
  const building = await get('/', BROWSER, { is: 'building' });
  expect([building.statusCode, building.headers.refresh]).toEqual([503, '2']);
  const failed = await get('/', BROWSER, { is: 'failed' });
  expect(failed.statusCode).toBe(503);
  expect(failed.body).toContain('The log of the server says why.');
  expect(failed.headers.refresh).toBeUndefined();
});

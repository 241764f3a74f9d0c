import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from './main.ts';

let folder: string;
let server: Server;
/** What the server answers, by the query of the request. */
let items: (query: string) => unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-cli-tools-'));
  items = () => [];
  server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://x');
    response.writeHead(pathname === '/api/tools' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items: items(search) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  mkdirSync(join(folder, '.myelin'));
  writeFileSync(join(folder, '.myelin', 'credentials.json'), JSON.stringify({ apiKey: 'key', url }), { mode: 0o600 });
});

afterEach(() => {
  server.close().closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function cli(args: string[], env: Record<string, string> = {}) {
  let [out, err] = ['', ''];
  const exit = await runCli(args, {
    stdout: { write: (piece) => (out += piece) },
    stderr: { write: (piece) => (err += piece) },
    ...{ env, cwd: folder, isTTY: false },
    start: () => Promise.reject(new Error('This test starts no server.')),
  });
  return { exit, out, err };
}

test('sources of tools are listed, and one with its tools', async () => {
  expect((await cli(['tools'])).err).toContain('docs/tools.md');
  const source = { name: 'mcp:github', kind: 'mcp', description: 'mcp.example/mcp' };
  const hash = 'a'.repeat(64);
  const tool = { id: 'mcp:github/create', name: 'create', description: 'Makes one\nor two', parameters: {} };
  const tools = [{ ...tool, effect: 'irreversible', hash }];
  items = (query) => [query === '?source=mcp%3Agithub' ? { ...source, tools } : source];
  expect((await cli(['tools'])).out).toMatch(/mcp:github +mcp.example\/mcp/);
  const { out } = await cli(['tools', 'mcp:github']);
  expect(out).toMatch(new RegExp(`mcp:github/create +irreversible +${hash} +Makes one\n`));
});

test('doctor looks at the block of tools, and names the secrets that are not set', async () => {
  const write = (block: string) => writeFileSync(join(folder, '.myelin', 'config.yaml'), `tools: ${block}\n`);
  write('{ github: { mcp: { url: "https://a.example", headers: { a: { secret: GH } } } } }');
  const { out } = await cli(['doctor']);
  expect(out).toMatch(/fail +tools +mcp:github needs the secret GH/);
  expect(out).toContain('Set MYELIN_SECRET_GH.');
  expect((await cli(['doctor'], { MYELIN_SECRET_GH: 'x' })).out).toMatch(/ok +tools +1 in the settings/);
  write('{ github: { mcp: { curl: "https://a.example" } } }');
  expect((await cli(['doctor'])).out).toContain('tools.github.mcp.curl');
});

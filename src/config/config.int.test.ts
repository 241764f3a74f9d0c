import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import { loadConfig } from './config.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with `.myelin/config.yaml` of this text. */
function folderWith(text: string): string {
  const cwd = mkdtempSync(join(tmpdir(), 'myelin-config-'));
  folders.push(cwd);
  mkdirSync(join(cwd, '.myelin'));
  writeFileSync(join(cwd, '.myelin', 'config.yaml'), text);
  return cwd;
}

function refusal(cwd: string): MyelinError {
  try {
    loadConfig({}, cwd);
  } catch (error) {
    if (error instanceof MyelinError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}

const faultsOf = (error: MyelinError) => (error.data as { path: string }[]).map((fault) => fault.path);

test('the file gives what the environment does not', () => {
  const cwd = folderWith(
    'PORT: 5000\nMYELIN_ROLES: [api, worker]\nMYELIN_DEMO: off\nHOST:\nMYELIN_SECRET_TOKEN: from-file\n',
  );
  const config = loadConfig({ PORT: '6000' }, cwd);
  expect(config).toMatchObject({ port: 6000, roles: ['api', 'worker'], demo: false, host: '127.0.0.1' });
  expect(config.secrets.TOKEN).toBe('from-file');
  expect(config.sources).toMatchObject({
    PORT: 'environment',
    MYELIN_ROLES: 'file',
    HOST: 'default',
    MYELIN_SECRET_TOKEN: 'file',
  });
});

test('the file is held to known names and plain values', () => {
  const cwd = folderWith('PROT: 1\n__proto__: { port: 1 }\nMYELIN_HOME: /elsewhere\nHOST: { a: 1 }\nPORT: x\n');
  expect(faultsOf(refusal(cwd))).toEqual(['PROT', '__proto__', 'MYELIN_HOME', 'HOST', 'PORT']);
});

test.each([
  ['PORT: 1\nPORT: 2\n', ':2'],
  ['PORT: 1\nHOST: "x', ':2'],
])('a file that is not YAML is refused with its line: %j', (text, line) => {
  const cwd = folderWith(text);
  expect(faultsOf(refusal(cwd))[0]).toContain(`config.yaml${line}`);
});

test.each(['- PORT', 'PORT'])('a file that is no table is refused: %s', (text) => {
  expect(refusal(folderWith(text)).message).toContain('takes lines of the form NAME: value');
});

test('an empty file is no fault', () => {
  expect(loadConfig({}, folderWith('# nothing yet\n')).port).toBe(4400);
});

test('providers and models stand in the file, and their keys in the environment or among the secrets', () => {
  const cwd = folderWith(`
MYELIN_SECRET_TEAM_KEY: from-secret
providers:
  team: { type: openai-compatible, baseUrl: http://127.0.0.1:8000/v1, key: TEAM_KEY }
models:
  smart: { model: 'openai:gpt', timeout: 1m }
  safe: { try: [smart, 'team:llama'] }
`);
  const { models } = loadConfig({ OPENAI_API_KEY: 'from-env' }, cwd);
  expect(models.models.smart).toMatchObject({ model: 'openai:gpt', timeoutMs: 60_000 });
  expect(models.models.safe?.tries).toEqual(['smart', 'team:llama']);
  expect({ ...models.keys }).toEqual({ OPENAI_API_KEY: 'from-env', TEAM_KEY: 'from-secret' });
});

test('their faults come with those of the settings', () => {
  const cwd = folderWith('PORT: x\nproviders: { own: {} }\nmodels: { smart: { model: "own:a" }, __proto__: {} }\n');
  expect(faultsOf(refusal(cwd))).toEqual(['models', 'PORT', 'providers.own.type']);
  expect(faultsOf(refusal(folderWith('models: [a]\n')))).toEqual(['models']);
});

test('the block of tools is read from the file, with every fault', () => {
  const good = folderWith('PORT: 1\ntools:\n  a: { mcp: { url: "https://a.example/mcp" } }\n');
  expect(loadConfig({}, good).tools).toMatchObject([{ kind: 'mcp', name: 'a' }]);
  const bad = folderWith('PORT: x\ntools:\n  a: { openapi: ./none.yaml }\n  __proto__: { mcp: {} }\n');
  expect(faultsOf(refusal(bad))).toEqual(['tools', 'PORT']);
  expect(faultsOf(refusal(folderWith('tools: { a: { openapi: ./none.yaml } }\n')))).toEqual(['tools.a.openapi']);
});

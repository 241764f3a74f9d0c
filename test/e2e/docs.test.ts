/**
 * What the documents tell a reader to do, done in their order against a real server: blocks with a file name are
 * saved, `sh` is run, TypeScript that is not saved is run as a program. Only the port differs.
 */
import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Block, blocksOf, PAGES, ROOT } from '../docs/blocks.ts';
import { ProjectFolder } from '../docs/typescript.ts';
import { Program } from '../program/server.ts';

/** The secret that docs/webhooks.md starts the server with. */
const SECRETS = { MYELIN_SECRET_SHOP: 'a-long-shared-secret' };
const DO: ReadonlySet<string> = new Set(['json', 'sh', 'ts', 'yaml']);
const WORKED = PAGES.filter((page) => blocksOf(page).some(({ tag, file }) => tag === 'sh' || (tag === 'ts' && !file)));

let program: Program;
let project: ProjectFolder;

beforeAll(async () => {
  program = await Program.create();
  project = new ProjectFolder();
  symlinkSync(program.home, join(project.path, '.myelin'));
  symlinkSync(join(ROOT, 'examples'), join(project.path, 'examples'));
  await program.start({ MYELIN_DEMO: 'on', ...SECRETS });
  while (!program.output.includes('npx myelin watch')) await new Promise((resolve) => setTimeout(resolve, 10));
});

afterAll(async () => {
  project.remove();
  await program.dispose();
});

/** Commands as they stand; a refusal of the server ends them, and `npx myelin` is the program of this folder. */
const SHELL = `set -euo pipefail
curl() { command curl -sS -f "$@"; echo; }
npx() { [ "$1" = myelin ]; shift; "${process.execPath}" "${ROOT}bin/myelin.js" "$@"; }
`;

async function run(command: string, args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: project.path, MYELIN_API_KEY: program.apiKey, MYELIN_URL: program.url };
  const { stdout } = await promisify(execFile)(command, args, { cwd: project.path, env });
  return stdout;
}

/** What it printed; nothing for what is only saved. */
async function perform({ tag, file, text }: Block, index: number): Promise<string> {
  const here = text.replaceAll('http://127.0.0.1:4400', program.url);
  if (file !== undefined) project.write(file, here);
  if (tag === 'sh') return await run('bash', ['-c', SHELL + here]);
  if (tag !== 'ts' || file !== undefined) return '';
  project.write(`program-${index}.ts`, here);
  return await run(process.execPath, [`program-${index}.ts`]);
}

const said = new Map<string, string>();

test.each(WORKED)('%s does what it says', async (page) => {
  let output = '';
  for (const [index, block] of blocksOf(page).entries()) if (DO.has(block.tag)) output += await perform(block, index);
  said.set(page, output);
});

test('and answers what it says', () => {
  expect(said.get('README.md')).toContain('{"text":"Welcome, Ada!"}');
  expect(said.get('README.md')).toMatch(/"executionId":"[\w-]+"/);
  expect(said.get('docs/webhooks.md')).toContain('{"total":42}');
  const accepted = said.get('docs/webhooks.md')!.match(/"executionId":"[\w-]+"/g);
  expect([accepted?.length, new Set(accepted).size]).toEqual([2, 1]);
  expect(said.get('docs/sdk.md')).toContain('execution.completed');
  expect(said.get('docs/sdk.md')).toContain('workflow_not_found 404 false');
});

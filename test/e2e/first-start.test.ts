import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Program } from '../program/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ON = { MYELIN_DEMO: 'on' };

let program: Program;

beforeEach(async () => {
  program = await Program.create();
});

afterEach(() => program.dispose());

/** Resolves when the program has printed it `times` times. */
async function printed(text: string, times = 1): Promise<void> {
  while (program.output.split(text).length <= times) {
    if (program.output.includes('ended early')) throw new Error(program.output);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What the shell answers to a line of the output, in the folder of the repository. */
const shell = async (line: string) => (await promisify(execFile)('sh', ['-c', line], { cwd: ROOT })).stdout;

const printedLine = (pattern: RegExp): string => pattern.exec(program.output)?.[1] ?? 'false';

async function statuses(): Promise<string[]> {
  const { body } = await program.call('GET', '/api/executions');
  return body.items.map((one: { status: string }) => one.status);
}

test('the first start shows a workflow at work, its commands can be copied, the second start is quiet', async () => {
  await program.start(ON);
  await printed('npx myelin watch');
  expect(program.output).toContain(`listens on ${program.url}\n`);
  expect(program.output).toContain(`${program.apiKey} (shown this once)`);
  const [, link] = /^ {2}open +http\S+\/sign-in#(\S+) {2}\(signs this browser in/m.exec(program.output) ?? [];
  expect((await program.call('POST', '/api/sign-in', { link })).body.name).toBe('owner');

  const { body: list } = await program.call('GET', '/api/executions');
  expect(list.items).toHaveLength(1);
  const { body: first } = await program.call('GET', `/api/executions/${list.items[0].id}`);
  expect(first).toMatchObject({ status: 'completed', workflowName: 'incident-triage', output: { paged: 'on-call' } });
  expect(program.output).toContain('It waits for a person');
  const ends = Object.fromEntries(first.nodes.map((node: { id: string; status: string }) => [node.id, node.status]));
  expect(ends).toMatchObject({ approve: 'completed', restart: 'failed', page: 'completed', restarted: 'skipped' });
  expect(program.output).toContain('restart  failed  ');
  expect(program.output).toContain('incident-triage completed  {"paged":"on-call"');

  const curl = printedLine(/^ {2}(curl .*)$/m);
  const [answer, status] = (await shell(`${curl} -s -w '\\n%{http_code}'`)).split('\n');
  expect(status).toBe('202');
  const { executionId } = JSON.parse(answer!);
  await approveNext();
  const watch = printedLine(/^ {2}(.*npx myelin watch) /m);
  expect(await shell(`${watch} ${executionId}`)).toContain('incident-triage completed');
  expect(await shell(printedLine(/^ {2}(.*npx myelin executions)$/m))).toContain(first.id);

  expect(await program.kill('SIGTERM')).toBe(0);
  const before = program.output.length;
  await program.start(ON);
  await printed('where the commands find it', 2);
  expect(await statuses()).toEqual(['completed', 'completed']);
  expect(await program.kill('SIGINT')).toBe(0);
  const after = program.output.slice(before);
  expect(after).toContain(`listens on ${program.url}\n`);
  expect(after).not.toMatch(/First start|POST \/webhooks|myl_/);
});

/** As a person would, when it asks. */
async function approveNext(): Promise<void> {
  for (;;) {
    const { body } = await program.call('GET', '/api/approvals?status=open');
    const [open] = body.items;
    if (open === undefined) continue;
    await program.call('POST', `/api/approvals/${open.id}/decide`, { decision: 'approved', by: 'a test' });
    return;
  }
}

test('Ctrl-C during it ends the server, and the execution goes on after the next start', async () => {
  await program.start(ON);
  await printed('classify[0]/model  running');
  expect(await program.kill('SIGINT')).toBe(0);
  expect(program.output).not.toContain('ended early');
  await program.start(ON);
  await approveNext();
  while ((await statuses())[0] !== 'completed');
  expect(await statuses()).toEqual(['completed']);
});

test('a start that comes to nothing is not the first: port taken, then free', async () => {
  const other = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => other.listen(Number(new URL(program.url).port), '127.0.0.1', resolve));
  await expect(program.start(ON)).rejects.toThrow(/the server ended with 1/);
  expect(program.output).toMatch(/Another program listens on port \d+ of 127\.0\.0\.1\.\n.*PORT=\d+ npm start\n/);
  await new Promise((resolve) => other.close(resolve));
  await program.start(ON);
  await printed('npx myelin watch');
  expect(program.output).toContain(`${program.apiKey} (shown this once)`);
});

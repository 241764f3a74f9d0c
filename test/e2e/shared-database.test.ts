/** Several processes on one database: one takes requests, another runs what came in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Program } from '../program/server.ts';

const programs: Program[] = [];

afterEach(async () => {
  for (const program of programs.splice(0).reverse()) await program.dispose();
});

async function started(env: (program: Program) => Record<string, string>): Promise<Program> {
  const program = await Program.create();
  programs.push(program);
  await program.start(env(program));
  return program;
}

/** Where the PostgreSQL of its own is. */
function databaseOf({ home }: Program): string {
  const { user, password, port } = JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8'));
  return `postgres://${user}:${password}@127.0.0.1:${port}/myelin`;
}

const PAUSE = {
  name: 'pause',
  triggers: [{ id: 'hook', type: 'webhook', path: 'pause' }],
  nodes: [
    { id: 'wait', type: 'delay', config: { for: '50ms' } },
    { id: 'work', type: 'tool', config: { tool: 'noop', arguments: { done: true } } },
  ],
  edges: ['wait -> work'],
};

test('what one process accepts another runs, from a home folder that was not there', async () => {
  const front = await started(() => ({ MYELIN_ROLES: 'api,webhook' }));
  await front.call('POST', '/api/workflows?activate=true', PAUSE);
  const accepted = await front.call('POST', '/webhooks/pause', {});
  expect(accepted.status).toBe(202);
  const read = async () => (await front.call('GET', `/api/executions/${accepted.body.executionId}`)).body;
  expect((await read()).status).toBe('pending');

  const back = await started((program) => ({
    DATABASE_URL: databaseOf(front),
    MYELIN_HOME: join(program.home, 'new'),
    MYELIN_ROLES: 'worker,scheduler',
  }));
  while ((await read()).status !== 'completed');
  expect((await read()).output).toEqual({ done: true });
  const elsewhere = await fetch(`${back.url}/webhooks/pause`, { method: 'POST' });
  expect(elsewhere.status).toBe(404);
});

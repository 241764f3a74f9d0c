/** What end-to-end tests do over and over with a running server: deploy, run, wait for an end, read everything. */
import { expect } from 'vitest';
import type { Answer, Program } from './server.ts';

const LOOK_MS = 50;

/** Looks again and again until `look` yields something; fails after `withinMs`. */
export async function eventually<T>(look: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Deploys and activates; the id of the workflow. */
export async function deploy(program: Program, document: object): Promise<string> {
  const { status, body } = await program.call('POST', '/api/workflows?activate=true', document);
  expect(status, JSON.stringify(body).slice(0, 1_000)).toBe(201);
  return body.id;
}

/** The id of a new execution. */
export async function execute(program: Program, workflow: string, input: unknown = {}): Promise<string> {
  const { status, body } = await program.call('POST', `/api/workflows/${workflow}/execute`, { input });
  expect(status, JSON.stringify(body)).toBe(202);
  return body.executionId;
}

/** The execution once it has this status; any end where none is named. */
export async function reaches(program: Program, id: string, wanted?: string): Promise<Answer['body']> {
  let last: Answer | undefined;
  const look = async () => {
    last = await program.call('GET', `/api/executions/${id}`);
    const isThere = wanted === undefined ? last.body.finishedAt != null : last.body.status === wanted;
    return isThere ? last.body : undefined;
  };
  return await eventually(look).catch((error: Error) => {
    const seen = JSON.stringify(last?.body).slice(0, 2_000);
    throw new Error(`${error.message}\nlast seen: ${seen}\nthe server said: ${program.output.slice(-2_000)}`);
  });
}

/** Deploys, executes and waits for the end. */
export async function outcomeOf(program: Program, document: object, input: unknown = {}): Promise<Answer['body']> {
  await deploy(program, document);
  return await reaches(program, await execute(program, (document as { name: string }).name, input));
}

/** Executions of a workflow, newest first; at most a page of 200. */
export async function executionsOf(program: Program, workflow: string): Promise<Answer['body'][]> {
  const { body } = await program.call('GET', `/api/executions?limit=200&workflow=${workflow}`);
  return body.items;
}

/** Everything that the API tells about an execution, as one text. */
export async function toldOf(program: Program, id: string): Promise<string> {
  const paths = ['?include=input', '/events?limit=1000', '/logs?limit=1000'];
  const answers = await Promise.all(paths.map((path) => program.call('GET', `/api/executions/${id}${path}`)));
  return JSON.stringify([...answers, await program.call('GET', '/api/executions?limit=200')]);
}

/** A workflow of one node. */
export const single = (name: string, node: object, more: object = {}): object => ({
  name,
  nodes: [{ id: 'only', ...node }],
  ...more,
});

/** A workflow of one transform behind a webhook of the same name. */
export const hooked = (name: string, trigger: object = {}, nodes: object[] = [PASS], more: object = {}): object => ({
  name,
  triggers: [{ id: 'hook', type: 'webhook', path: name, ...trigger }],
  nodes,
  ...more,
});

const PASS = { id: 'only', type: 'transform', config: {} };

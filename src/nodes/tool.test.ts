import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import type { TaskContext } from '../core/node-type.ts';
import type { ExternalCall, ExternalResult, ExternalTool, Tools } from '../ports/tools.ts';
import { toolConfig, toolNode } from './tool.ts';

const HASH = 'a'.repeat(64);
const create: ExternalTool = {
  id: 'mcp:github/create_issue',
  name: 'create_issue',
  description: 'Makes an issue',
  parameters: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  effect: 'irreversible',
  hash: HASH,
};

/** Tools of one source, which keep what they were called with. */
function toolsOf(result: ExternalResult = { output: { id: 7 }, isError: false }) {
  const calls: ExternalCall[] = [];
  const tools: Tools = {
    list: async (source) => {
      if (source === 'mcp:github') return [create];
      throw new MyelinError('tool_not_found', `There is no source ${source}.`);
    },
    call: async (call) => {
      calls.push(call);
      return result;
    },
    sources: () => [],
    stop: async () => undefined,
  };
  return { node: toolNode(tools), calls };
}

const task: TaskContext = {
  ...{
    executionId: 'execution',
    projectId: 'project',
    path: 'tool',
    attempt: 1,
    isMasked: false,
    redact: (text) => text,
    connection: () => Promise.reject(new Error('not in this test')),
    idempotencyKey: 'key',
  },
  signal: new AbortController().signal,
  input: { title: 'from the input' },
  env: {},
};

async function failure(promise: Promise<unknown>): Promise<MyelinError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof MyelinError) return error;
  throw new Error(`expected a MyelinError, got ${String(error)}`);
}

const parse = (config: object) => toolConfig.parse(config);

test('its example validates', () => {
  const { node } = toolsOf();
  expect(node.ports(node.config.parse(node.example))).toEqual(['out', 'error']);
});

test.each([
  [{ tool: 'noop' }, 'idempotent', undefined],
  [{ tool: 'mcp:github/create_issue' }, 'irreversible', 'tool:mcp:github'],
  [{ tool: 'openapi:pets/get/pet', effect: 'read' }, 'read', 'tool:openapi:pets'],
] as const)('%j: what it does to the world, and what it depends on', (config, effect, dependency) => {
  const { node } = toolsOf();
  expect(node.effect(parse(config))).toBe(effect);
  expect(node.dependency?.(parse(config))).toBe(dependency);
});

test.each([
  { tool: 'nope' },
  { tool: 'mcp:github' },
  { tool: 'mcp:github/' },
  { tool: 'mcp:../x' },
  { tool: '{{ $json.tool }}' },
  { tool: 'noop', effect: 'reconcilable' },
  { tool: 'noop', hash: 'short' },
])('%j is refused when it is saved', (config) => {
  expect(toolConfig.safeParse(config).success).toBe(false);
});

test('noop gives back its arguments, and else its input', async () => {
  const { node, calls } = toolsOf();
  expect(await node.run(parse({ tool: 'noop', arguments: { a: 1 } }), task)).toEqual({ output: { a: 1 } });
  expect(await node.run(parse({ tool: 'noop' }), task)).toEqual({ output: task.input });
  expect(calls).toEqual([]);
});

test('a tool is called with what it was seen with', async () => {
  const { node, calls } = toolsOf();
  expect(await node.run(parse({ tool: create.id, arguments: { title: 'x' } }), task)).toEqual({ output: { id: 7 } });
  await node.run(parse({ tool: create.id, hash: 'b'.repeat(64) }), task);
  const { signal, idempotencyKey } = task;
  expect(calls).toEqual([
    { id: create.id, arguments: { title: 'x' }, hash: HASH, signal, idempotencyKey },
    { id: create.id, arguments: task.input, hash: 'b'.repeat(64), signal, idempotencyKey },
  ]);
});

test('arguments that do not fit are named, and nothing is called', async () => {
  const { node, calls } = toolsOf();
  const wrong = await failure(node.run(parse({ tool: create.id, arguments: { title: 3 } }), task));
  expect(wrong).toMatchObject({ code: 'config_invalid', data: { faults: [{ path: 'title' }] } });
  expect(wrong.message).toBe(`The arguments of ${create.id} do not fit: title takes string, is number.`);
  expect(await failure(node.run(parse({ tool: create.id, arguments: 'x' }), task))).toMatchObject({
    code: 'config_invalid',
  });
  expect(calls).toEqual([]);
});

test('a tool that says it failed fails the node, with what it said', async () => {
  const { node } = toolsOf({ output: { status: 404, body: 'no repository' }, isError: true });
  const error = await failure(node.run(parse({ tool: create.id }), task));
  expect(error).toMatchObject({ code: 'tool_failed', data: { output: { status: 404, body: 'no repository' } } });
  expect(error.message).toContain('no repository');
});

test.each(['mcp:github/nothing', 'mcp:nowhere/create_issue'])('there is no %s', async (tool) => {
  expect(await failure(toolsOf().node.run(parse({ tool }), task))).toMatchObject({ code: 'tool_not_found' });
});

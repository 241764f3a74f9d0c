import { expect, test } from 'vitest';
import type { Env } from '../core/expression/env.ts';
import type { TaskContext } from '../core/node-type.ts';
import type { Program, Sandbox } from '../ports/sandbox.ts';
import { codeConfig, codeNode } from './code.ts';

/** Runs the node over a sandbox that keeps the program it was given. */
async function programOf(config: object, env: Env = {}): Promise<Program> {
  const programs: Program[] = [];
  const sandbox: Sandbox = { run: async (program) => programs.push(program), stop: async () => {} };
  const task: TaskContext = {
    executionId: 'execution',
    projectId: 'project',
    path: 'code',
    attempt: 1,
    isMasked: false,
    redact: (text) => text,
    connection: () => Promise.reject(new Error('not in this test')),
    idempotencyKey: 'key',
    signal: new AbortController().signal,
    input: null,
    env,
  };
  const result = await codeNode(sandbox).run(codeConfig.parse(config), task);
  expect(result).toEqual({ output: 1 });
  expect(programs[0]?.signal).toBe(task.signal);
  return programs[0]!;
}

test('its example validates', () => {
  const node = codeNode({ run: async () => null, stop: async () => {} });
  const config = node.config.parse(node.example);
  expect(node.ports(config)).toEqual(['out']);
  expect(node.effect(config)).toBe('pure');
  expect(node.effect(codeConfig.parse({ source: '1', effect: 'read' }))).toBe('read');
  expect(codeConfig.toJSONSchema({ io: 'input' })).toMatchObject({
    properties: { timeout: { default: '5s' }, memory: { default: '64MB' } },
  });
});

test('limits have defaults and are read as ms and bytes', async () => {
  expect(await programOf({ source: 'x' })).toMatchObject({ source: 'x', timeoutMs: 5_000, memoryBytes: 67_108_864 });
  const program = await programOf({ source: 'x', timeout: '5m', memory: '2048KB' });
  expect(program).toMatchObject({ timeoutMs: 300_000, memoryBytes: 2_097_152 });
});

test('the code sees the variables, and $item and its like where they are', async () => {
  const $json = { a: 1 };
  const { globals } = await programOf({ source: 'x' }, { $json, $now: 0, $index: 2, $item: 'i', $results: [1] });
  expect(globals).toEqual({
    $json,
    $trigger: null,
    $execution: null,
    $workflow: null,
    $vars: {},
    $now: '1970-01-01T00:00:00.000Z',
    $node: {},
    $item: 'i',
    $index: 2,
    $results: [1],
  });
  expect((await programOf({ source: 'x' })).globals).not.toHaveProperty('$secrets');
});

test('only the nodes that the source names are fetched', async () => {
  const asked: string[] = [];
  const node = (id: string) => {
    asked.push(id);
    return id.toUpperCase();
  };
  const source = `
    const { total } = $node.first; const b = $node['second-one'].x + $node["third"] + $node?.fourth;
    return $node.first ?? $node [ \`fifth\` ] ?? $nodes.other ?? $node.__proto__ ?? node.sixth`;
  const { globals } = await programOf({ source }, { node });
  expect(globals.$node).toEqual(
    Object.fromEntries([
      ['first', 'FIRST'],
      ['second-one', 'SECOND-ONE'],
      ['third', 'THIRD'],
      ['fourth', 'FOURTH'],
      ['__proto__', '__PROTO__'],
      ['fifth', 'FIFTH'],
    ]),
  );
  expect(asked).not.toContain('other');
});

test('no secret reaches the code', async () => {
  const env: Env = { secret: () => expect.fail('a secret was read') };
  const { globals } = await programOf({ source: 'return $secrets.KEY' }, env);
  expect(Object.keys(globals)).not.toContain('$secrets');
});

test.each([
  [{}],
  [{ source: '' }],
  [{ source: 'x'.repeat(100_001) }],
  [{ source: 'x', timeout: '6m' }],
  [{ source: 'x', timeout: '0s' }],
  [{ source: 'x', timeout: 'soon' }],
  [{ source: 'x', memory: '513MB' }],
  [{ source: 'x', memory: '1KB' }],
  [{ source: 'x', memory: '1GB' }],
  [{ source: 'x', effect: 'none' }],
  [{ source: 'x', language: 'python' }],
])('%j is refused', (config) => {
  expect(codeConfig.safeParse(config).success).toBe(false);
});

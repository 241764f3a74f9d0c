import { expect, test } from 'vitest';
import type { MyelinError } from '../core/errors.ts';
import type { TaskContext } from '../core/node-type.ts';
import type { ModelAnswer, ModelRequest } from '../ports/model.ts';
import { testModels } from '../testing/models.ts';
import { agentConfig, agentNode } from './agent.ts';

const task: TaskContext = {
  executionId: 'execution',
  projectId: 'project',
  path: 'agent',
  attempt: 1,
  idempotencyKey: 'key',
  signal: new AbortController().signal,
  input: null,
  env: {},
};

/** Runs the node over a model that answers as given; also tells what it was asked. */
async function ask(config: object, answer: Partial<ModelAnswer>) {
  const requests: ModelRequest[] = [];
  const node = agentNode(
    testModels(async (request) => {
      requests.push(request);
      return answer;
    }),
  );
  return { result: await node.run(agentConfig.parse(config), task), request: requests[0] };
}

const schema = {
  type: 'object',
  properties: { severity: { enum: ['critical', 'info'] }, lines: { type: 'array', items: { type: 'number' } } },
  required: ['severity'],
};
const structured = { model: 'scripted:triage', prompt: 'log', output: { schema } };

test('its example validates', () => {
  const node = agentNode(testModels(() => expect.fail('not asked')));
  const config = node.config.parse(node.example);
  expect(node.ports(config)).toEqual(['out']);
  expect(node.effect(config)).toBe('read');
  expect(node.dependency?.(config)).toBe('model:scripted:triage');
  expect(agentConfig.toJSONSchema({ io: 'input' })).toMatchObject({ required: ['model', 'prompt'] });
});

test('without a schema the output is the text', async () => {
  const { result, request } = await ask({ model: 'a:b', system: 'be kind', prompt: 'hello' }, { text: 'good day' });
  expect(result).toEqual({ output: { text: 'good day' } });
  const { projectId, idempotencyKey, signal } = task;
  const messages = [{ role: 'user', content: 'hello' }];
  expect(request).toEqual({ model: 'a:b', system: 'be kind', projectId, messages, idempotencyKey, signal });
});

test('with a schema the output is the object', async () => {
  const object = { severity: 'info', lines: [1] };
  const { result, request } = await ask(structured, { object });
  expect(result).toEqual({ output: object });
  expect(request?.schema).toEqual(schema);
  expect(request).not.toHaveProperty('system');
});

test('an answer that does not fit is refused with its faults, and without the answer', async () => {
  const object = { severity: 'confidential', lines: [1, 'x', null, true] };
  const error: MyelinError = await ask(structured, { object }).catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'output_invalid',
    kind: 'permanent',
    data: { faults: [{ path: 'severity', message: 'must be one of "critical", "info"' }, ...Array(3).fill({})] },
  });
  expect(error.message).toContain('severity must be one of');
  expect(error.message).toContain('and 1 more');
  expect(JSON.stringify(error.toInfo())).not.toContain('confidential');
});

test('an answer that is no JSON is refused', async () => {
  const answer = ask(structured, { text: 'I think it is fine' });
  await expect(answer).rejects.toMatchObject({ code: 'output_invalid', message: expect.stringContaining('JSON') });
});

test('a schema that cannot be checked is refused when it is saved', () => {
  const output = { schema: { properties: { id: { pattern: '(?=a)' } } } };
  const { error } = agentConfig.safeParse({ ...structured, output });
  expect(error?.issues).toMatchObject([{ path: ['output', 'schema', 'properties.id.pattern'] }]);
  expect(error?.issues[0]?.message).toContain('RE2');
});

test.each([
  [{ prompt: 'a' }],
  [{ model: 'a:b' }],
  [{ model: 'a:b', prompt: '' }],
  [{ model: 'a:b', prompt: { text: 'a' } }],
  [{ model: 'a:b', prompt: 'a', output: {} }],
  [{ model: 'a:b', prompt: 'a', output: { schema: 'object' } }],
  [{ model: 'a:b', prompt: 'a', temperature: 1 }],
])('%j is refused', (config) => {
  expect(agentConfig.safeParse(config).success).toBe(false);
});

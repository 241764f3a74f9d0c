import { expect, test } from 'vitest';
import { z } from 'zod';
import { connectionDependency, connectionField, openConnection } from './connection-field.ts';
import { slack } from './types/slack.ts';

const task = { connection: async () => ({ id: 'c1', updatedAt: 1, config: { token: 'xoxb-1' } }) };

test('the schema of a node says of which type its connection is', () => {
  expect(z.toJSONSchema(connectionField(slack))).toMatchObject({ type: 'string', 'x-connection': 'slack' });
  expect(connectionDependency({ connection: 'team' })).toBe('connection:team');
});

test('a task gets it as its type has it', async () => {
  expect(await openConnection(task, 'team', slack)).toEqual({ token: 'xoxb-1', apiUrl: 'https://slack.com/api' });
});

test('what a template made of a name must be one', async () => {
  await expect(openConnection(task, 5, slack)).rejects.toMatchObject({ code: 'config_invalid' });
});

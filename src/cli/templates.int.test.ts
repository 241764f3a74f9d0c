/** Documents to begin with. */
import { expect, test } from 'vitest';
import { useCliStage } from '../testing/cli-stage.ts';

const { cli, routes } = useCliStage();
const summary = {
  ...{ name: 'demo', description: 'Shows it', nodeTypes: ['join'], triggers: ['webhook', 'webhook'] },
  needs: { models: ['scripted:a'], secrets: ['KEY'], connections: [], workflows: ['other', 'third'] },
};

test('templates lists them with what they need, or prints one as it was written', async () => {
  routes['GET /api/templates'] = () => ({ status: 200, body: { items: [summary] } });
  const { exit, out } = await cli(['templates']);
  expect(exit).toBe(0);
  expect(out).toContain('webhook     model scripted:a; secret KEY; workflows other, third');
  const narrow = await cli(['templates'], { isTTY: true, env: { NO_COLOR: '1' } });
  expect(narrow.out, 'there is room for the description').toMatch(/model scripted:a; secret KEY; workf… +Shows it/);
  expect(JSON.parse((await cli(['templates', '--json'])).out)).toEqual([summary]);
  const definition = { name: 'demo', nodes: [{ id: 'a', type: 'join' }] };
  const yaml = '# a remark\nname: demo\n';
  routes['GET /api/templates/demo'] = () => ({ status: 200, body: { ...summary, definition, yaml } });
  expect(await cli(['templates', 'demo'])).toEqual({ exit: 0, out: yaml, err: '' });
});

/** Prompts of the project. */
import { expect, test } from 'vitest';
import { useCliStage } from '../testing/cli-stage.ts';

const { cli, file, routes } = useCliStage();

test('prompts are listed, shown, saved from a file, activated and deleted', async () => {
  const saved = { version: 2, note: 'shorter', createdAt: '2026-07-01T12:00:00.000Z' };
  const versions = [saved, { version: 1, note: null, createdAt: '2026-06-01T12:00:00.000Z' }];
  const prompt = { ...saved, name: 'triage', active: 2, text: 'Sort\n{{ $json.log }}', versions };
  const first = { ...prompt, ...versions[1] };
  routes['GET /api/prompts'] = () => ({
    status: 200,
    body: { items: [{ name: 'triage', ...saved }], nextCursor: null },
  });
  routes['GET /api/prompts/triage'] = () => ({ status: 200, body: prompt });
  routes['PUT /api/prompts/triage'] = () => ({ status: 200, body: prompt });
  routes['POST /api/prompts/triage/activate'] = () => ({ status: 200, body: first });
  routes['DELETE /api/prompts/triage'] = () => ({ status: 204 });
  expect((await cli(['prompts'])).out).toContain('triage  v2      2026-07-01 12:00:00  shorter\n');
  expect(await cli(['prompts', 'show', 'triage'])).toMatchObject({
    out: 'Sort\n{{ $json.log }}\n',
    err: 'triage v2; there are v2 (active), v1\n',
  });
  expect(JSON.parse((await cli(['prompts', 'show', 'triage', '--json'])).out)).toEqual(prompt);
  file('triage.txt', 'Sort\n{{ $json.log }}\n');
  expect((await cli(['prompts', 'save', 'triage', 'triage.txt', '--note', 'shorter'])).out).toBe(
    'triage v2 is active\n',
  );
  expect((await cli(['prompts', 'activate', 'triage', 'v1'])).out).toBe('triage v1 is active\n');
  expect((await cli(['prompts', 'delete', 'triage'])).out).toBe('triage is deleted\n');
  for (const bad of [['shw', 'x'], ['show'], ['save', 'x'], ['activate', 'x', 'y'], ['save', 'x', 'nowhere.txt']]) {
    expect((await cli(['prompts', ...bad])).exit, bad.join(' ')).toBe(2);
  }
});

/** Groups of event triggers in the terminal. */
import { expect, test } from 'vitest';
import { problem, useCliStage } from '../testing/cli-stage.ts';

const { calls, cli, routes } = useCliStage();
const member = {
  ...{ triggerId: 't1', trigger: 'placed', workflowId: 'w1', workflowName: 'shipping', active: false },
  event: 'order.*',
};
const alone = {
  ...{ id: 't1', group: null, state: 'paused', missed: 'all', gone: 3, members: [member] },
  lag: { messages: 10_000, isMore: true, ms: 3 * 86_400_000 },
};
const named = {
  ...{ id: 'group/billing', group: 'billing', state: 'live', missed: 'all', gone: 0 },
  ...{ lag: { messages: 0, isMore: false, ms: 0 }, members: [{ ...member, active: true }] },
};

test('groups are listed with how far behind they are', async () => {
  routes['GET /api/event-groups?limit=200'] = () => ({
    status: 200,
    body: { items: [named, alone], nextCursor: null },
  });
  const listed = await cli(['groups']);
  expect(listed).toMatchObject({ exit: 0, err: '' });
  expect(listed.out).toMatch(/GROUP +STATE +BEHIND +OLDEST +GONE +HEARS/);
  expect(listed.out).toMatch(/billing +live +0 +order\.\*/);
  expect(listed.out).toMatch(/shipping\/placed +paused +10000\+ +3d00h +3 +order\.\*/);
  expect(JSON.parse((await cli(['groups', '--json'])).out)).toEqual([named, alone]);
});

test('one is set elsewhere by its name', async () => {
  routes['GET /api/event-groups?limit=200'] = () => ({
    status: 200,
    body: { items: [named, alone], nextCursor: null },
  });
  routes['POST /api/event-groups/t1/reset'] = () => ({
    status: 200,
    body: { ...alone, lag: { messages: 1, isMore: false, ms: 5 } },
  });
  const done = await cli(['groups', '--reset', 'shipping/placed', '--to', 'earliest']);
  expect(done).toMatchObject({
    exit: 0,
    out: expect.stringContaining('shipping/placed goes on from there: 1 message before it'),
  });
  routes['POST /api/event-groups/nobody/reset'] = () =>
    problem(404, 'event_group_not_found', 'There is no group nobody.');
  expect(await cli(['groups', '--reset', 'nobody', '--to', 'latest'])).toMatchObject({ exit: 4 });
});

test('where to is asked for before anybody is called', async () => {
  const asked = calls.length;
  expect(await cli(['groups', '--reset', 'billing'])).toMatchObject({ exit: 2, err: expect.stringContaining('--to') });
  expect(calls).toHaveLength(asked);
});

import { describe, expect, test } from 'vitest';
import type { GroupStep } from '../../ports/event-groups.ts';
import type { LoggedMessage, Relayed } from '../../ports/messages.ts';
import { DEFAULT_PROJECT as PROJECT, type Store } from '../../ports/store.ts';
import type { Workflow } from '../../ports/workflows.ts';
import { definition, FAILURE, HOUR, NOW, newId, newName } from '../factories.ts';
import { all, groupSteps, nameOf } from './group-steps.ts';

export function eventGroupPlaceSuite(store: () => Store): void {
  describe('places of event groups', () => {
    const { of, groups, trigger, put, setStatus, send, relay, step, catchUp, behind, get } = groupSteps(store);

    test('of a group the last one counts, and its triggers share a place', async () => {
      const group = newName();
      const [one, two] = [await put([trigger({ group })]), await put([trigger({ group })])];
      await setStatus(one, 'paused');
      await send('a1');
      await relay();
      expect((await get(`group/${group}`)).state).toBe('live');
      await setStatus(two, 'paused');
      await send('a2');
      await relay();
      expect(await get(`group/${group}`)).toMatchObject({ state: 'paused', waiting: 1 });
      await setStatus(one, 'active');
      expect(await catchUp()).toEqual(['a2']);
      await setStatus(one, 'paused');
      await store().workflows.delete(PROJECT, one.id);
      expect((await get(`group/${group}`)).members).toMatchObject([{ workflowId: two.id, active: false }]);
      await store().workflows.delete(PROJECT, two.id);
      expect(await groups().get(PROJECT, `group/${group}`)).toBeUndefined();
      const again = await put([trigger({ group })]);
      expect((await get(`group/${group}`)).state).toBe('live');
      await store().workflows.delete(PROJECT, again.id);
    });

    test('two who pause the last two of a group at the same time leave a place', async () => {
      const group = newName();
      const pair = [await put([trigger({ group })]), await put([trigger({ group })])];
      await Promise.all(pair.map((one) => setStatus(one, 'paused')));
      await send('a1');
      await relay();
      await setStatus(pair[0] as Workflow, 'active');
      expect(await catchUp()).toEqual(['a1']);
    });

    test('a trigger that is taken out of its workflow takes its place along', async () => {
      const on = trigger();
      const { id, name } = await put([on]);
      await store().workflows.setStatus(PROJECT, id, 'paused', NOW);
      await store().workflows.update({ id, projectId: PROJECT, definition: definition(name), triggers: [], now: NOW });
      expect(await groups().get(PROJECT, on.id)).toBeUndefined();
      await send('a1');
      await relay();
      await store().workflows.setStatus(PROJECT, id, 'active', NOW);
      expect(await catchUp()).toEqual([]);
    });

    test('a new one may begin further back, once', async () => {
      await send('a1', 'b1');
      await relay();
      const [, second] = await store().messages.list({ projectId: PROJECT, type: of.type, limit: 2 });
      await send('a2');
      const on = trigger({ from: 'earliest' });
      const workflow = await put([on], 'draft');
      expect(await catchUp()).toEqual([]);
      await setStatus(workflow, 'active');
      const heard = await catchUp();
      expect(heard.sort()).toEqual(['a1', 'b1']);
      expect((await relay()).map(nameOf)).toEqual(['a2']);
      await setStatus(workflow, 'paused');
      await setStatus(workflow, 'active');
      expect(await catchUp()).toEqual([]);
      const later = trigger({ from: new Date((second?.createdAt ?? 0) + HOUR).toISOString() });
      await put([later]);
      expect(await catchUp()).toEqual([]);
      await put([trigger({ from: 'latest' })]);
      expect(await catchUp()).toEqual([]);
    });

    test('an active group is where it is, whatever `from` says later', async () => {
      await send('a1');
      await relay();
      const on = trigger();
      const { id, name } = await put([on]);
      const triggers = [{ ...on, config: { ...on.config, from: 'earliest' } }];
      await store().workflows.update({ id, projectId: PROJECT, definition: definition(name), triggers, now: NOW });
      expect(await behind(on.id)).toBe(false);
    });

    test('a reset reads again, under another turn, to the place where the relay is', async () => {
      const on = trigger();
      await put([on]);
      await send('a1');
      await relay();
      const [first] = await store().messages.list({ projectId: PROJECT, type: of.type, limit: 1 });
      await send('a2');
      expect(await groups().reset(PROJECT, on.id, first?.createdAt ?? 0, NOW)).toBe(true);
      expect(await catchUp()).toEqual(['a1']);
      const mine = async () => (await groups().listening([PROJECT])).find(({ id }) => id === on.id);
      expect(await mine()).toMatchObject({ turn: 1, behind: [] });
      await relay();
      await groups().reset(PROJECT, on.id, 'earliest', NOW);
      expect(await mine()).toMatchObject({ turn: 2 });
      await groups().reset(PROJECT, on.id, 'latest', NOW);
      expect(await mine()).toMatchObject({ turn: 2, behind: [] });
      expect(await groups().reset(PROJECT, newId(), 'latest', NOW)).toBe(false);
      expect(await groups().reset(newId(), on.id, 'latest', NOW)).toBe(false);
    });

    test('one that was set back does not meet the relay before that is done with what it tries', async () => {
      const on = trigger();
      await put([on]);
      await send('a1');
      const putOff = (messages: readonly LoggedMessage[]): Relayed => ({
        done: [],
        putOff: messages.map(({ id }) => ({ id, error: FAILURE, until: NOW + HOUR })),
      });
      await relay(putOff);
      await groups().reset(PROJECT, on.id, Date.now() + HOUR, NOW);
      expect(await catchUp()).toEqual([]);
      expect(await behind(on.id)).toBe(true);
      await relay(all, NOW + HOUR);
      await catchUp();
      expect(await behind(on.id)).toBe(false);
    });

    test('a paused one that is set to the end has only what comes later', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await setStatus(workflow, 'paused');
      await send('a1');
      await relay();
      await groups().reset(PROJECT, on.id, 'latest', NOW);
      expect((await get(on.id)).waiting).toBe(0);
      await send('a2');
      await relay();
      await setStatus(workflow, 'active');
      expect(await catchUp()).toEqual(['a2']);
    });

    test('one that never was active and is set to the end has what comes later, whatever `from` says', async () => {
      await send('a1');
      await relay();
      const resets = [trigger(), trigger({ from: 'earliest' }), trigger({ missed: 'skip', from: 'earliest' })];
      for (const on of resets) {
        const workflow = await put([on], 'draft');
        await groups().reset(PROJECT, on.id, 'latest', NOW);
        await setStatus(workflow, 'active');
        expect(await catchUp()).toEqual([]);
        expect(await behind(on.id)).toBe(false);
        await store().workflows.delete(PROJECT, workflow.id);
      }
    });

    test('are listed by name, a page at a time, each project its own', async () => {
      const [one, two] = [trigger(), trigger({ group: newName() })];
      const workflow = await put([one, { ...two, name: 'two' }]);
      const names = [one.id, `group/${two.config.group}`].sort();
      const found: string[] = [];
      for (let after = ''; ; after = found.at(-1) as string) {
        const page = await groups().list(PROJECT, { after, limit: 2 });
        found.push(...page.map(({ name }) => name));
        if (page.length < 2) break;
      }
      expect(found).toEqual(found.toSorted());
      expect(found.filter((name) => names.includes(name))).toEqual(names);
      expect(await groups().list(newId(), { limit: 5 })).toEqual([]);
      expect(await groups().get(newId(), one.id)).toBeUndefined();
      const { id, name, config } = one;
      const { id: workflowId, name: workflowName } = workflow;
      expect(await get(one.id)).toEqual({
        ...{ projectId: PROJECT, name: one.id, state: 'live', waiting: 0, isMore: false, oldestAt: null, gone: 0 },
        members: [{ id, name, config, workflowId, workflowName, active: true }],
      });
      await setStatus(workflow, 'paused');
    });

    test('figures tell those that wait from those that catch up', async () => {
      const before = await groups().figures(Date.now());
      const workflow = await put([trigger()]);
      await setStatus(workflow, 'paused');
      await send('a1');
      await relay();
      expect((await groups().figures(Date.now())).paused).toBe(before.paused + 1);
      await setStatus(workflow, 'active');
      const figures = await groups().figures(Date.now() + HOUR);
      expect(figures).toMatchObject({ catchingUp: before.catchingUp + 1, paused: before.paused });
      expect(figures.lagMs).toBeGreaterThanOrEqual(HOUR);
      await catchUp();
      expect((await groups().figures(Date.now() + HOUR)).catchingUp).toBe(before.catchingUp);
    });

    test('one that gets on no further has a lag, and what it does not hear is not handed over', async () => {
      await send('a1', 'a2');
      const other = { specversion: '1.0', id: 'a3', source: '/test', type: newName(), partitionkey: 'a' } as const;
      await store().messages.add([{ projectId: PROJECT, event: other }]);
      await relay();
      await put([trigger({ from: 'earliest' })]);
      const later = Date.now() + HOUR;
      const again = (messages: readonly LoggedMessage[]): Relayed => ({
        done: [],
        putOff: messages.map(({ id }) => ({ id, error: FAILURE, until: later })),
      });
      for (let n = 0; n < 20; n += 1) await step(again, later, 1);
      expect((await groups().figures(later)).lagMs).toBeGreaterThan(HOUR / 2);
      const types = new Set<string>();
      await catchUp((messages) => {
        for (const { event } of messages) types.add(event.type);
        return all(messages);
      }, later);
      expect([...types]).toEqual([of.type]);
    });

    test('a step passes over groups that have no room, however many', async () => {
      const workflows = await Promise.all(Array.from({ length: 9 }, () => put([trigger()])));
      for (const workflow of workflows) await setStatus(workflow, 'paused');
      await send('a1');
      await relay();
      for (const workflow of workflows) await setStatus(workflow, 'active');
      const asked = new Set<string>();
      const onlyLast = async ({ name }: { readonly name: string }) => {
        asked.add(name);
        return asked.size > 8 && [...asked].at(-1) === name;
      };
      const one = await groups().step(NOW, 100, async (_, messages) => all(messages), onlyLast);
      expect(one?.name).toBe([...asked].at(-1));
      expect(
        await groups().step(
          NOW,
          100,
          async (_, messages) => all(messages),
          async () => false,
        ),
      ).toBeUndefined();
      await catchUp();
    });

    test('a step says what became of the group', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await setStatus(workflow, 'paused');
      await send('a1');
      await relay();
      await setStatus(workflow, 'active');
      const steps: GroupStep[] = [];
      for (let one = await step(all); one !== undefined; one = await step(all)) steps.push(one);
      expect(steps.every(({ projectId, name }) => projectId === PROJECT && name === on.id)).toBe(true);
      expect(steps.reduce((sum, { handed }) => sum + handed, 0)).toBe(1);
      expect(steps.at(-1)?.arrived).toBe(true);
    });
  });
}

import { beforeEach, describe, expect, test } from 'vitest';
import { eventKey } from '../../core/event-group.ts';
import type { EventGroup, GroupStep } from '../../ports/event-groups.ts';
import type { LoggedMessage, Relayed } from '../../ports/messages.ts';
import { DEFAULT_PROJECT as PROJECT, type Store } from '../../ports/store.ts';
import type { NewTrigger, Workflow } from '../../ports/workflows.ts';
import { creation, definition, FAILURE, HOUR, NOW, newId, newName, newWorkflow } from '../factories.ts';

const all = (messages: readonly LoggedMessage[]): Relayed => ({ done: messages.map(({ id }) => id), putOff: [] });
const nameOf = ({ event }: LoggedMessage): string => event.id;

export function eventGroupSuite(store: () => Store): void {
  describe('event groups', () => {
    /** Of the messages of a test, whose triggers hear nothing else. */
    let type: string;
    const groups = () => store().eventGroups;
    const trigger = (config: Record<string, unknown> = {}): NewTrigger => ({
      ...{ id: newId(), name: 'on', type: 'event', config: { event: type, ...config } },
    });
    const put = (triggers: readonly NewTrigger[], status: 'active' | 'draft' = 'active'): Promise<Workflow> =>
      store().workflows.create(newWorkflow({ status, triggers }));
    const setStatus = ({ id }: Workflow, status: 'active' | 'paused') =>
      store().workflows.setStatus(PROJECT, id, status, NOW);
    /** Each in a transaction of its own, under its name as id. */
    const send = async (...names: string[]) => {
      for (const id of names) {
        const key = id.match(/^[a-z]+/)?.[0] as string;
        const event = { specversion: '1.0', id, source: '/test', type, partitionkey: key } as const;
        await store().messages.add([{ projectId: PROJECT, event }]);
      }
    };
    /** All there is, with what the relay makes of it. */
    const relay = async (deliver = all, now = NOW): Promise<LoggedMessage[]> => {
      const handed: LoggedMessage[] = [];
      for (let round = 0; ; round += 1) {
        if (round > 500) throw new Error('the relay finds no end');
        const count = await store().messages.relay(now, 100, async (messages) => {
          handed.push(...messages);
          return deliver(messages);
        });
        if (count === 0) return handed;
      }
    };
    const step = (deliver: (messages: readonly LoggedMessage[]) => Relayed, now = NOW, limit = 100) =>
      groups().step(now, limit, async (_, messages) => deliver(messages));
    /** Names of all that groups have before them, until nothing is to be done. */
    const catchUp = async (deliver = all, now = NOW, limit = 100): Promise<string[]> => {
      const handed: string[] = [];
      const taken = (messages: readonly LoggedMessage[]) => {
        handed.push(...messages.filter(({ event }) => event.type === type).map(nameOf));
        return deliver(messages);
      };
      for (let round = 0; (await step(taken, now, limit)) !== undefined; round += 1) {
        if (round > 500) throw new Error('a group finds no end');
      }
      return handed;
    };
    const ofKey = (names: readonly string[], key: string) => names.filter((name) => name.startsWith(key));
    const behind = async (id: string) => {
      const found = (await groups().listening([PROJECT])).find((one) => one.id === id);
      return found && found.behind.length > 0;
    };
    const get = async (name: string) => (await groups().get(PROJECT, name)) as EventGroup;

    beforeEach(async () => {
      type = newName();
      await relay(all, Number.MAX_SAFE_INTEGER);
      await catchUp(all, Number.MAX_SAFE_INTEGER);
    });

    test('those who listen are named with their group, and are at the head', async () => {
      const [alone, one] = [trigger(), trigger({ group: 'g' })];
      const workflow = await put([alone, { ...one, name: 'other' }]);
      await put([trigger()], 'draft');
      const { id: workflowId, name: workflowName, projectId } = workflow;
      const of = { workflowId, workflowName, projectId, version: 1, turn: 0, behind: [] };
      const mine = (await groups().listening([newId(), PROJECT])).filter((row) => row.workflowId === workflowId);
      expect(mine).toEqual([
        { ...of, id: alone.id, name: 'on', config: alone.config, group: alone.id },
        { ...of, id: one.id, name: 'other', config: one.config, group: 'group/g' },
      ]);
      expect(await groups().listening([newId()])).toEqual([]);
      expect(await groups().listening([])).toEqual([]);
      await store().workflows.delete(PROJECT, workflowId);
    });

    test('one that is paused goes on where it was, and then the relay has it along', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await send('a1', 'b1');
      expect((await relay()).map(nameOf)).toEqual(['a1', 'b1']);
      await setStatus(workflow, 'paused');
      await send('a2', 'b2', 'a3');
      await relay();
      await send('a4');
      expect(await get(on.id)).toMatchObject({ state: 'paused', waiting: 4, gone: 0 });
      expect(await catchUp()).toEqual([]);
      await setStatus(workflow, 'active');
      expect(await behind(on.id)).toBe(true);
      expect(await get(on.id)).toMatchObject({ state: 'catching_up', waiting: 4 });
      const heard = await catchUp();
      expect([ofKey(heard, 'a'), ofKey(heard, 'b')]).toEqual([['a2', 'a3'], ['b2']]);
      expect(await behind(on.id)).toBe(false);
      expect(await get(on.id)).toMatchObject({ state: 'live', waiting: 0, oldestAt: null });
      expect((await relay()).map(nameOf)).toEqual(['a4']);
      expect(await catchUp()).toEqual([]);
    });

    test('messages say by which lane they come, for the relay to leave out who reads it', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await setStatus(workflow, 'paused');
      await setStatus(workflow, 'active');
      const [member] = (await groups().listening([PROJECT])).filter(({ id }) => id === on.id);
      await send('a1');
      const [message] = await relay();
      expect(member?.behind).toContain(message?.lane);
      expect(await catchUp()).toEqual(['a1']);
    });

    test('a step hands over no more than wanted, one key in order, and never past the relay', async () => {
      const workflow = await put([trigger()]);
      await setStatus(workflow, 'paused');
      await send('a1', 'a2', 'a3', 'a4', 'a5');
      await relay();
      await setStatus(workflow, 'active');
      const sizes: number[] = [];
      const heard = await catchUp(
        (messages) => {
          sizes.push(messages.length);
          return all(messages);
        },
        NOW,
        2,
      );
      expect(heard).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
      expect(Math.max(...sizes)).toBe(2);
    });

    test('what was put off holds back what follows it under its key, and the group from the head', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await setStatus(workflow, 'paused');
      await send('a1', 'b1', 'a2');
      await relay();
      await setStatus(workflow, 'active');
      const attempts: number[] = [];
      const failing =
        (until: number) =>
        (messages: readonly LoggedMessage[]): Relayed => {
          const tried = messages.filter((one) => nameOf(one) === 'a1');
          attempts.push(...tried.map((one) => one.attempts));
          const putOff = tried.map(({ id }) => ({ id, error: FAILURE, until }));
          return { done: messages.filter((one) => nameOf(one) === 'b1').map(({ id }) => id), putOff };
        };
      expect((await catchUp(failing(NOW + 1_000))).sort()).toEqual(['a1', 'a2', 'b1']);
      await send('a3');
      await relay();
      expect(await catchUp()).toEqual([]);
      expect(await behind(on.id)).toBe(true);
      expect((await get(on.id)).waiting).toBe(3);
      expect(await catchUp(failing(NOW + 2_000), NOW + 1_000)).toContain('a1');
      expect(await catchUp(all, NOW + 2_000)).toEqual(['a1', 'a2', 'a3']);
      expect(attempts).toEqual([0, 1]);
      expect(await behind(on.id)).toBe(false);
    });

    test('what the relay had put off when it was paused comes later, but what it got before', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await send('a1', 'b1', 'a2');
      await relay((messages) => ({
        done: [],
        putOff: messages
          .filter(({ attempts }) => attempts === 0)
          .map(({ id }) => ({ id, error: FAILURE, until: NOW + HOUR })),
      }));
      const event = { source: '/test', id: 'b1' };
      const key = { key: eventKey(event, on.id), expiresAt: NOW + HOUR };
      await store().executions.commit([creation({ projectId: PROJECT }, { key })]);
      await setStatus(workflow, 'paused');
      await send('a3');
      await setStatus(workflow, 'active');
      expect(await catchUp()).toEqual(['a1', 'a2']);
      expect((await relay(all, NOW + HOUR)).map(nameOf)).toEqual(['a1', 'b1', 'a2', 'a3']);
    });

    test('a step that throws, and whoever dies, leaves everything as it was', async () => {
      const workflow = await put([trigger()]);
      await setStatus(workflow, 'paused');
      await send('a1');
      await relay();
      await setStatus(workflow, 'active');
      let died = 0;
      const dies = async () => {
        died += 1;
        throw new Error('died');
      };
      for (let n = 0; n < 20 && died === 0; n += 1) {
        await groups()
          .step(NOW, 100, dies)
          .catch((error: Error) => expect(error.message).toBe('died'));
      }
      expect(await catchUp()).toEqual(['a1']);
    });

    test('a lane of a group is in one pair of hands, and a pause waits for it', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await setStatus(workflow, 'paused');
      await send('a1');
      await relay();
      await setStatus(workflow, 'active');
      const inside = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const order: string[] = [];
      const first = (async () => {
        for (let [found, tries] = [false, 0]; !found && tries < 100; tries += 1) {
          await groups().step(NOW, 100, async (_, messages) => {
            found = true;
            inside.resolve();
            await go.promise;
            order.push('delivered');
            return all(messages);
          });
        }
      })();
      await inside.promise;
      const paused = setStatus(workflow, 'paused').then(() => order.push('paused'));
      expect(await catchUp()).toEqual([]);
      go.resolve();
      await Promise.all([first, paused]);
      expect(order).toEqual(['delivered', 'paused']);
      await setStatus(workflow, 'active');
      expect(await catchUp()).toEqual([]);
    });

    test('a pause waits for the round that is at work, whose messages it has', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await send('a1');
      const inside = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const round = store().messages.relay(NOW, 100, async (messages) => {
        inside.resolve();
        await go.promise;
        return all(messages);
      });
      await inside.promise;
      let isPaused = false;
      const pausing = setStatus(workflow, 'paused').then(() => {
        isPaused = true;
      });
      expect(await store().messages.lag()).toBeGreaterThanOrEqual(0);
      expect(isPaused).toBe(false);
      go.resolve();
      await Promise.all([round, pausing]);
      await setStatus(workflow, 'active');
      expect(await catchUp()).toEqual([]);
    });

    test('one that skips what it missed has no place', async () => {
      const on = trigger({ missed: 'skip' });
      const workflow = await put([on]);
      await setStatus(workflow, 'paused');
      await send('a1');
      expect(await get(on.id)).toMatchObject({ state: 'paused', waiting: 0 });
      await setStatus(workflow, 'active');
      expect(await behind(on.id)).toBe(false);
      expect((await relay()).map(nameOf)).toEqual(['a1']);
    });

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
      const [, second] = await store().messages.list({ projectId: PROJECT, type, limit: 2 });
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
      const [first] = await store().messages.list({ projectId: PROJECT, type, limit: 1 });
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
        ...{ projectId: PROJECT, name: one.id, state: 'live', waiting: 0, oldestAt: null, gone: 0 },
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

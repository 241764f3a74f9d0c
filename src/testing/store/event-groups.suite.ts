import { describe, expect, test } from 'vitest';
import { eventKey } from '../../core/event-group.ts';
import type { LoggedMessage, Relayed } from '../../ports/messages.ts';
import { DEFAULT_PROJECT as PROJECT, type Store } from '../../ports/store.ts';
import { creation, FAILURE, HOUR, NOW, newId } from '../factories.ts';
import { all, groupSteps, nameOf } from './group-steps.ts';

export function eventGroupSuite(store: () => Store): void {
  describe('event groups', () => {
    const { groups, trigger, put, setStatus, send, relay, catchUp, ofKey, behind, get } = groupSteps(store);

    test('those who listen are named with their group, and are at the head', async () => {
      const [alone, one] = [trigger(), trigger({ group: 'g' })];
      const workflow = await put([alone, { ...one, name: 'other' }]);
      await put([trigger()], 'draft');
      const { id: workflowId, name: workflowName, projectId } = workflow;
      const their = { workflowId, workflowName, projectId, version: 1, turn: 0, behind: [] };
      const mine = (await groups().listening([newId(), PROJECT])).filter((row) => row.workflowId === workflowId);
      expect(mine).toEqual([
        { ...their, id: alone.id, name: 'on', config: alone.config, group: alone.id },
        { ...their, id: one.id, name: 'other', config: one.config, group: 'group/g' },
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

    test('where a step may arrive at the head the relay waits, and none is passed over between them', async () => {
      const on = trigger();
      const workflow = await put([on]);
      await setStatus(workflow, 'paused');
      await send('a1');
      await relay();
      await setStatus(workflow, 'active');
      const relayed: (number | null)[] = [];
      for (let isOver = false; !isOver; ) {
        const one = await groups().step(NOW, 100, async (_, messages) => {
          await send('a2');
          relayed.push(await store().messages.relay(NOW, 100, async (fresh) => all(fresh)));
          return all(messages);
        });
        isOver = one === undefined;
      }
      expect(relayed).toEqual([null]);
      expect(await behind(on.id)).toBe(false);
      expect((await relay()).map(nameOf)).toEqual(['a2']);
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
      // Long enough for a pause that does not wait.
      for (let n = 0; n < 30; n += 1) await store().messages.lag();
      expect(isPaused).toBe(false);
      go.resolve();
      await Promise.all([round, pausing]);
      await setStatus(workflow, 'active');
      expect(await catchUp()).toEqual([]);
    });

    test('many who wait for a round, and for one another, leave the store to others', async () => {
      const workflows = await Promise.all(Array.from({ length: 12 }, () => put([trigger()])));
      const [silent] = await Promise.all([put([]), send('a1')]);
      const [inside, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const round = relay(async (messages) => {
        inside.resolve();
        await go.promise;
        return all(messages);
      });
      await inside.promise;
      const pausing = workflows.map((one) => setStatus(one, 'paused'));
      for (let n = 0; n < 30; n += 1) await store().messages.lag();
      // One without event triggers waits for nobody.
      expect((await setStatus(silent, 'paused')).status).toBe('paused');
      go.resolve();
      await Promise.all([round, ...pausing]);
      const members = await groups().listening([PROJECT]);
      expect(members.filter(({ workflowId }) => workflows.some(({ id }) => id === workflowId))).toEqual([]);
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
  });
}

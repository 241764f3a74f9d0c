/** What tests of groups of event triggers do with a store. */
import { beforeEach } from 'vitest';
import type { EventGroup } from '../../ports/event-groups.ts';
import type { LoggedMessage, Relayed } from '../../ports/messages.ts';
import { DEFAULT_PROJECT as PROJECT, type Store } from '../../ports/store.ts';
import type { NewTrigger, Workflow } from '../../ports/workflows.ts';
import { NOW, newId, newName, newWorkflow } from '../factories.ts';

export const all = (messages: readonly LoggedMessage[]): Relayed => ({
  done: messages.map(({ id }) => id),
  putOff: [],
});
export const nameOf = ({ event }: LoggedMessage): string => event.id;

/** Declares that each test begins with nothing to be done. */
export function groupSteps(store: () => Store) {
  /** Of the messages of a test, whose triggers hear nothing else. */
  const of = { type: '' };
  const groups = () => store().eventGroups;
  const trigger = (config: Record<string, unknown> = {}): NewTrigger => ({
    ...{ id: newId(), name: 'on', type: 'event', config: { event: of.type, ...config } },
  });
  const put = (triggers: readonly NewTrigger[], status: 'active' | 'draft' = 'active'): Promise<Workflow> =>
    store().workflows.create(newWorkflow({ status, triggers }));
  const setStatus = ({ id }: Workflow, status: 'active' | 'paused') =>
    store().workflows.setStatus(PROJECT, id, status, NOW);
  /** Each in a transaction of its own, under its name as id. */
  const send = async (...names: string[]) => {
    for (const id of names) {
      const key = id.match(/^[a-z]+/)?.[0] as string;
      const event = { specversion: '1.0', id, source: '/test', type: of.type, partitionkey: key } as const;
      await store().messages.add([{ projectId: PROJECT, event }]);
    }
  };
  /** All there is, with what the relay makes of it. */
  const relay = async (
    deliver: (messages: readonly LoggedMessage[]) => Relayed | Promise<Relayed> = all,
    now = NOW,
  ): Promise<LoggedMessage[]> => {
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
      handed.push(...messages.filter(({ event }) => event.type === of.type).map(nameOf));
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
    of.type = newName();
    await relay(all, Number.MAX_SAFE_INTEGER);
    await catchUp(all, Number.MAX_SAFE_INTEGER);
  });

  return { of, groups, trigger, put, setStatus, send, relay, step, catchUp, ofKey, behind, get };
}

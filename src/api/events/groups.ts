/** /api/event-groups: where groups of event triggers are in the log, and the hand that sets one elsewhere. */
import type { FastifyInstance } from 'fastify';
import type { GroupAnswer } from '../../contract/event-groups.ts';
import { MyelinError } from '../../core/errors.ts';
import type { GroupStart } from '../../core/event-group.ts';
import type { EventGroup } from '../../ports/event-groups.ts';
import type { ApiDeps } from '../deps.ts';
import { operation } from '../operation.ts';

export function eventGroups(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>): void {
  const { store, engine, runtime } = deps;
  const read = async (projectId: string, id: string): Promise<GroupAnswer> => {
    const group = await store.eventGroups.get(projectId, id);
    if (group === undefined) throw missing(id);
    return answer(group, runtime.now());
  };

  operation(app, 'listEventGroups', async ({ projectId, query: { limit, cursor } }) => {
    const page = { limit: limit + 1, ...(cursor !== undefined && { after: cursor }) };
    const found = await store.eventGroups.list(projectId, page);
    const items = found.slice(0, limit).map((group) => answer(group, runtime.now()));
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  });

  operation(app, 'getEventGroup', ({ projectId, params: { id } }) => read(projectId, id));

  operation(app, 'resetEventGroup', async ({ projectId, params: { id }, body: { to } }) => {
    const start: GroupStart = to === 'earliest' || to === 'latest' ? to : Date.parse(to);
    if (!(await store.eventGroups.reset(projectId, id, start, runtime.now()))) throw missing(id);
    engine.changes.touch(projectId, ['event-groups']);
    return await read(projectId, id);
  });
}

const missing = (id: string) => new MyelinError('event_group_not_found', `There is no group ${id} of event triggers.`);

function answer({ name, state, members, waiting, isMore, oldestAt, gone }: EventGroup, now: number): GroupAnswer {
  const skips = members.every(({ config }) => config.missed === 'skip');
  return {
    ...{ id: name, state, gone, missed: skips ? 'skip' : 'all' },
    group: name.startsWith(NAMED) ? name.slice(NAMED.length) : null,
    lag: {
      messages: waiting,
      isMore,
      ms: oldestAt === null ? 0 : Math.max(0, now - oldestAt),
    },
    members: members.map(({ id, name: trigger, workflowId, workflowName, active, config }) => ({
      ...{ triggerId: id, trigger, workflowId, workflowName, active, event: String(config.event) },
    })),
  };
}

const NAMED = 'group/';

/** Groups of event triggers: who listens, where each is, and the hand that sets one elsewhere. */
import type { GroupStart } from '../../core/event-group.ts';
import { patternRegex } from '../../core/message-pattern.ts';
import {
  type EventGroup,
  type EventGroupStore,
  type GroupFigures,
  type GroupMember,
  type ListeningMember,
  MOST_COUNTED,
} from '../../ports/event-groups.ts';
import { changeGroups, lockGroups, lockTurn } from './change-groups.ts';
import { guarded } from './failures.ts';
import { addPlaces, placesFrom } from './group-places.ts';
import { lockLanes } from './relay-messages.ts';
import { forgetPlaces, lockPlace } from './settle-groups.ts';
import type { Pool, Row, Sql } from './sql.ts';
import { stepGroup } from './step-group.ts';
import { notify } from './wake.ts';

export function eventGroupStore(sql: Pool): EventGroupStore {
  return {
    listening: (projectIds) => guarded(() => listening(sql, projectIds)),
    step: (...about) => guarded(() => stepGroup(sql, ...about)),
    list: (projectId, { after = '', limit }) =>
      guarded(async () => {
        const rows = await sql`
          select distinct event_group collate "C" as name from triggers
           where project_id = ${projectId} and event_group collate "C" > ${after} order by 1 limit ${limit}`;
        return await groupsOf(
          sql,
          projectId,
          rows.map(({ name }) => name),
        );
      }),
    get: (projectId, name) => guarded(async () => (await groupsOf(sql, projectId, [name]))[0]),
    reset: (projectId, name, to, now) => guarded(() => reset(sql, projectId, name, to, now)),
    figures: (now) => guarded(() => figures(sql, now)),
  };
}

/** Asked for each round of the relay: of projects whose groups are all at the head the last two tables have nothing. */
async function listening(sql: Sql, projectIds: readonly string[]): Promise<ListeningMember[]> {
  const rows = await sql`
    select t.id, t.project_id, t.workflow_id, w.name as workflow_name, w.version, t.name, t.config, t.event_group,
           coalesce(g.turn, 0) as turn, p.lanes
      from triggers t join workflows w on w.id = t.workflow_id and w.status = 'active'
      left join event_groups g on g.project_id = t.project_id and g.name = t.event_group
      left join lateral (select array_agg(lane) as lanes from event_group_places
                          where project_id = t.project_id and name = t.event_group) p on true
     where t.event_group is not null and t.type = 'event' and t.type not in ('webhook', 'manual')
       and t.project_id = any(${[...projectIds]}::text[]::uuid[])
     order by w.name, t.name`;
  return rows.map((row) => ({
    ...memberOf(row),
    ...{ projectId: row.project_id, version: row.version, group: row.event_group },
    ...{ turn: row.turn, behind: row.lanes ?? AT_HEAD },
  }));
}

const AT_HEAD: readonly number[] = [];

const memberOf = (row: Row) => ({
  ...{ id: row.id as string, name: row.name as string, config: row.config as GroupMember['config'] },
  ...{ workflowId: row.workflow_id as string, workflowName: row.workflow_name as string },
});

type Standing = Omit<EventGroup, keyof Waiting> & { readonly isBehind: boolean };
type Waiting = Pick<EventGroup, 'waiting' | 'isMore' | 'oldestAt'>;

async function groupsOf(sql: Sql, projectId: string, names: readonly string[]): Promise<EventGroup[]> {
  const standings = await standingsOf(sql, projectId, names);
  const looked = Math.max(LEAST_LOOKED, Math.ceil(LOOKED / standings.filter(({ isBehind }) => isBehind).length));
  const groups: EventGroup[] = [];
  for (const { isBehind, ...group } of standings) {
    const waiting = isBehind ? await before(sql, group, looked) : { waiting: 0, isMore: false, oldestAt: null };
    groups.push({ ...group, ...waiting });
  }
  return groups;
}

async function standingsOf(sql: Sql, projectId: string, names: readonly string[]): Promise<Standing[]> {
  const rows = await sql`
    select t.id, t.name, t.config, t.workflow_id, t.event_group, w.name as workflow_name, w.status = 'active' as active,
           coalesce(g.gone, 0) as gone,
           exists (select from event_group_places p where p.project_id = t.project_id and p.name = t.event_group) as behind
      from triggers t join workflows w on w.id = t.workflow_id
      left join event_groups g on g.project_id = t.project_id and g.name = t.event_group
     where t.project_id = ${projectId} and t.event_group = any(${[...names]}::text[])
     order by t.event_group collate "C", w.name collate "C", t.name collate "C"`;
  const groups = Map.groupBy(rows, (row) => row.event_group as string);
  return [...groups].map(([name, mine]) => {
    const members = mine.map((row) => ({ ...memberOf(row), active: row.active as boolean }));
    const isBehind = mine.some(({ behind }) => behind);
    const isActive = members.some(({ active }) => active);
    const state = !isActive ? 'paused' : isBehind ? 'catching_up' : 'live';
    return { projectId, name, members, gone: mine[0]?.gone ?? 0, state, isBehind };
  });
}

/** Messages of a lane that are looked at for the groups of an answer together, and for one of many at least. */
const LOOKED = 50_000;
const LEAST_LOOKED = 1_000;

/** Of the messages that the group has not read, and of those that wait for their next try; `looked` of a lane. */
async function before(
  sql: Sql,
  { projectId, name, members }: Pick<EventGroup, 'projectId' | 'name' | 'members'>,
  looked: number,
): Promise<Waiting> {
  const patterns = members.map(({ config }) => patternRegex(String(config.event)));
  const [row] = await sql`
    with tried as (select created_at from event_group_retries where project_id = ${projectId} and name = ${name}),
         looked as (
           select p.lane, m.created_at, m.heard, m.nth from event_group_places p cross join lateral (
             select created_at, row_number() over (order by tx, id) as nth,
                    project_id = ${projectId} and type ~ any(${[...patterns]}::text[]) as heard
               from messages where lane = p.lane and (tx, id) > (p.tx, p.id) order by tx, id limit ${looked}) m
            where p.project_id = ${projectId} and p.name = ${name})
    select ((select count(*) from tried) + (select count(*) from looked where heard))::int as waiting,
           exists (select from looked where nth = ${looked}) as more,
           (select min(at) from (select min(created_at) as at from looked where heard
                                 union all select min(created_at) from tried) oldest) as oldest`;
  const { waiting = 0, more = false, oldest = null } = row ?? {};
  return {
    waiting: Math.min(MOST_COUNTED, waiting),
    isMore: more || waiting > MOST_COUNTED,
    oldestAt: oldest?.getTime() ?? null,
  };
}

async function reset(sql: Pool, projectId: string, name: string, to: GroupStart, now: number): Promise<boolean> {
  // Before the locks: it may read long, and what is written meanwhile comes after it.
  const places = to === 'latest' ? [] : await placesFrom(sql, projectId, to, now);
  return await changeGroups(sql, projectId, now, async (tx) => {
    await lockGroups(tx, projectId);
    const [group] = await standingsOf(tx, projectId, [name]);
    if (group === undefined) return false;
    await lockTurn(tx);
    const lanes = await tx`select lane from message_lanes order by lane`;
    for (const { lane } of lanes) await lockPlace(tx, { projectId, name }, lane);
    await lockLanes(tx);
    await forgetPlaces(tx, { projectId, name });
    // It has begun, also where it is set to the end: `from` counts no more, and no place is without its group.
    await tx`insert into event_groups (project_id, name) values (${projectId}, ${name}) on conflict do nothing`;
    if (to !== 'latest') await turn(tx, projectId, name);
    await addPlaces(tx, { projectId, name }, to === 'latest' ? await placesAtHead(tx, group, now) : places);
    await tx`update event_groups set gone = 0 where project_id = ${projectId} and name = ${name}`;
    await notify(tx, 'triggers');
    return true;
  });
}

/** What it reads again starts again, and the relay must have done with what it still tries before they meet. */
async function turn(tx: Sql, projectId: string, name: string): Promise<void> {
  await tx`
    update event_groups
       set turn = turn + 1,
           held_to = (select coalesce(max(id), 0) from message_retries where project_id = ${projectId})
     where project_id = ${projectId} and name = ${name}`;
}

/** One that is paused needs a place to go on from. */
async function placesAtHead(tx: Sql, { state, members }: Standing, now: number) {
  const waits = state === 'paused' && members.some(({ config }) => config.missed !== 'skip');
  if (!waits) return [];
  const rows = await tx`select lane, tx::text as tx, id from message_lanes`;
  return rows.map(({ lane, tx: at, id }) => ({ lane, tx: at, id, at: now }));
}

async function figures(sql: Sql, now: number): Promise<GroupFigures> {
  const [row] = await sql`
    select count(*) filter (where active)::int as catching_up, count(*) filter (where not active)::int as paused,
           coalesce(max(${now} - at) filter (where active), 0) as lag
      from (select p.project_id, p.name, min(p.at) filter (where (c.tx, c.id) > (p.tx, p.id)) as at,
                   exists (select from triggers t join workflows w on w.id = t.workflow_id and w.status = 'active'
                            where t.project_id = p.project_id and t.event_group = p.name) as active
              from event_group_places p join message_lanes c on c.lane = p.lane group by 1, 2) groups`;
  return { catchingUp: row?.catching_up ?? 0, paused: row?.paused ?? 0, lagMs: Math.max(0, Number(row?.lag ?? 0)) };
}

/**
 * What a change of a workflow does to the groups of its event triggers, in the transaction of the change. Of a project
 * one changes at a time, so that of two who pause the last two workflows of a group the second sees that it is the last.
 * Who takes several locks takes that of the project first, then that of those who wait, of places, and of lanes.
 */
import { eventKey, startOf } from '../../core/event-group.ts';
import type { GroupRef } from '../../ports/event-groups.ts';
import type { NewTrigger } from '../../ports/workflows.ts';
import { lockGroups, lockTurn, type PlacesAt } from './change-groups.ts';
import { array } from './columns.ts';
import { addPlaces } from './group-places.ts';
import { lockLanes } from './relay-messages.ts';
import type { Sql } from './sql.ts';
import { placeLock } from './step-group.ts';
import { keyHash } from './take-keys.ts';

interface Standing {
  readonly name: string;
  readonly active: boolean;
  /** By another workflow. */
  readonly activeElsewhere: boolean;
  /** None of its triggers wants what it missed. */
  readonly skips: boolean;
  /** `from` of its triggers that are active. */
  readonly froms: readonly unknown[];
}

export interface Groups {
  readonly projectId: string;
  readonly workflowId: string;
  readonly before: ReadonlyMap<string, Standing>;
}

/** Before the change; `triggers` are those that it gives to the workflow. Undefined where it is of no group. */
export async function groupsBefore(
  tx: Sql,
  projectId: string,
  workflowId: string,
  triggers: readonly Pick<NewTrigger, 'type'>[] = [],
): Promise<Groups | undefined> {
  // From now on nobody gives it triggers; those who start it are not kept from that.
  await tx`select from workflows where id = ${workflowId} and project_id = ${projectId} for no key update`;
  const [known] = await tx`
    select exists (select from triggers where workflow_id = ${workflowId} and event_group is not null) as listens`;
  if (!known?.listens && !triggers.some(({ type }) => type === 'event')) return undefined;
  await lockGroups(tx, projectId);
  return { projectId, workflowId, before: await standings(tx, projectId, workflowId, []) };
}

/** After it. `now` in milliseconds. */
export async function settleGroups(
  tx: Sql,
  groups: Groups | undefined,
  placesAt: PlacesAt,
  now: number,
): Promise<void> {
  if (groups === undefined) return;
  const { projectId, workflowId, before } = groups;
  const after = await standings(tx, projectId, workflowId, [...before.keys()]);
  const fallen: Standing[] = [];
  for (const one of after.values()) {
    const wasActive = before.get(one.name)?.active === true || one.activeElsewhere;
    if (wasActive && !one.active) fallen.push(one);
    if (!wasActive && one.active) await begin(tx, projectId, one, placesAt);
  }
  if (fallen.length > 0) await fall(tx, projectId, fallen, now);
  // After the locks: a step that waits for a lane must not wait for these rows, which another step may have.
  const gone = [...before.keys()].filter((name) => !after.has(name));
  if (gone.length > 0) await forgetGroups(tx, projectId, gone);
}

/** Groups of the triggers that the workflow has now, and those of these names, by name; without those that have no trigger. */
async function standings(
  tx: Sql,
  projectId: string,
  workflowId: string,
  names: readonly string[],
): Promise<Map<string, Standing>> {
  const rows = await tx`
    select t.event_group as name, bool_or(w.status = 'active') as active,
           bool_or(w.status = 'active' and w.id <> ${workflowId}) as elsewhere,
           bool_and(coalesce(t.config ->> 'missed', 'all') = 'skip') as skips,
           array_agg(t.config ->> 'from') filter (where w.status = 'active') as froms
      from triggers t join workflows w on w.id = t.workflow_id
     where t.project_id = ${projectId}
       and (t.event_group = any(${[...names]}::text[])
            or t.event_group in (select event_group from triggers where workflow_id = ${workflowId}))
     group by 1 order by 1`;
  return new Map(
    rows.map(({ name, active, elsewhere, skips, froms }) => [
      name as string,
      { name, active, activeElsewhere: elsewhere, skips, froms: (froms ?? []).map((one: unknown) => one ?? undefined) },
    ]),
  );
}

/** One that was never active begins where its triggers say; any other goes on where it is. */
async function begin(tx: Sql, projectId: string, { name, froms }: Standing, placesAt: PlacesAt): Promise<void> {
  const start = startOf(froms);
  if (start === 'latest') return;
  const fresh = await tx`
    insert into event_groups (project_id, name) values (${projectId}, ${name}) on conflict do nothing returning 1 as one`;
  if (fresh.length > 0) await addPlaces(tx, { projectId, name }, placesAt(start));
}

/**
 * Nobody of them is active any more: they stay where the relay is. The change waits for rounds and steps that are at
 * work, and none begins until it is committed; so each message is either in one of those, or after the place.
 */
async function fall(tx: Sql, projectId: string, groups: readonly Standing[], now: number): Promise<void> {
  await lockTurn(tx);
  const refs = groups.map(({ name, skips }) => ({ projectId, name, skips }));
  for (const { name } of refs) {
    await tx`insert into event_groups (project_id, name) values (${projectId}, ${name}) on conflict do nothing`;
    const rows = await tx`
      select lane from event_group_places where project_id = ${projectId} and name = ${name} order by lane`;
    for (const { lane } of rows) await lockPlace(tx, { projectId, name }, lane);
  }
  await lockLanes(tx);
  for (const { skips, ...ref } of refs) {
    if (skips) await forgetPlaces(tx, ref);
    else await keepPlace(tx, ref, now);
  }
}

async function keepPlace(tx: Sql, ref: GroupRef, now: number): Promise<void> {
  const { projectId, name } = ref;
  const rows = await tx`
    insert into event_group_places (project_id, name, lane, tx, id, at)
    select ${projectId}::uuid, ${name}, lane, tx, id, ${now}::bigint from message_lanes
    on conflict do nothing returning lane`;
  const lanes = rows.map(({ lane }) => lane as number);
  const waiting = await tx`
    select id, attempts, event ->> 'source' as source, event ->> 'id' as event_id from message_retries
     where project_id = ${projectId} and lane = any(${array(lanes)}::int[])`;
  if (waiting.length === 0) return;
  // What the relay still tries for others the group may have got.
  const [group] = await tx`select turn from event_groups where project_id = ${projectId} and name = ${name}`;
  const hashes = waiting.map(({ source, event_id }) => keyHash(eventKey({ source, id: event_id }, name, group?.turn)));
  const known = await tx`
    select key from idempotency_keys where project_id = ${projectId} and key = any(${hashes}::text[])`;
  const got = new Set(known.map(({ key }) => key));
  const left = waiting.filter((_, at) => !got.has(hashes[at])).map(({ id }) => id as number);
  await tx`
    insert into event_group_retries (project_id, name, id, lane, key, event, attempts, created_at)
    select project_id, ${name}, id, lane, key, event, 0, created_at from message_retries
     where project_id = ${projectId} and id = any(${array(left)}::bigint[])
    on conflict do nothing`;
}

/** Waits for the step that is at it. */
export async function lockPlace(tx: Sql, ref: GroupRef, lane: number): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${placeLock(ref, lane)}, 0))`;
}

/** It is at the head. */
export async function forgetPlaces(tx: Sql, { projectId, name }: GroupRef): Promise<void> {
  await tx`delete from event_group_places where project_id = ${projectId} and name = ${name}`;
  await tx`delete from event_group_retries where project_id = ${projectId} and name = ${name}`;
}

async function forgetGroups(tx: Sql, projectId: string, names: readonly string[]): Promise<void> {
  for (const name of names) await forgetPlaces(tx, { projectId, name });
  await tx`delete from event_groups where project_id = ${projectId} and name = any(${[...names]}::text[])`;
}

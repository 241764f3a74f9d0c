/** Workflows with their versions and the triggers of the present one. */
import { MyelinError } from '../../core/errors.ts';
import type {
  NewTest,
  NewTrigger,
  NewWorkflow,
  VersionRow,
  Workflow,
  WorkflowChange,
  WorkflowQuery,
  WorkflowStatus,
  WorkflowStore,
} from '../../ports/workflows.ts';
import { type Database, type TriggerRecord, type VersionRecord, type WorkflowRecord, wake } from './database.ts';
import { writePolls } from './polls.ts';
import { writeSchedules } from './schedules.ts';
import { settled } from './settle-groups.ts';
import { listeningTriggers, listTriggers, listWebhooks, pageOf } from './triggers.ts';

export function workflowStore(database: Database): WorkflowStore {
  return {
    create: (workflow) => settled(database, workflow, workflow.now, () => create(database, workflow)),
    update: (change) => settled(database, change, change.now, () => update(database, change)),
    setStatus: (projectId, id, status, now) =>
      settled(database, { projectId, id }, now, () => setStatus(database, projectId, id, status, now)),
    get: async (projectId, idOrName) => get(database, projectId, idOrName),
    list: async (projectId, page) => list(database, projectId, page),
    delete: async (projectId, id) => {
      const present = find(database, projectId, id);
      if (present === undefined) return false;
      writeSchedules(database, { ...present, triggers: [] }, present.updatedAt);
      writePolls(database, { ...present, triggers: [] }, present.updatedAt);
      wake(database, 'triggers');
      return await settled(database, present, present.updatedAt, () => database.workflows.delete(id));
    },
    version: async (projectId, workflowId, version) => {
      const found = versionsOf(database, projectId, workflowId).find((one) => one.version === version);
      if (found === undefined) return undefined;
      return { ...rowOf(found), definition: JSON.parse(found.definition) };
    },
    keepTest: async (test) => keepTest(database, test),
    versions: async (projectId, workflowId, { before = Number.POSITIVE_INFINITY, limit }) =>
      versionsOf(database, projectId, workflowId)
        .filter((one) => one.version > 0 && one.version < before)
        .sort((a, b) => b.version - a.version)
        .slice(0, limit)
        .map(rowOf),
    webhook: async (projectId, path, method) =>
      listWebhooks(database, projectId).find((one) => one.path === path && one.method === method),
    webhookMethods: async (projectId, path) =>
      listWebhooks(database, projectId)
        .filter((one) => one.path === path)
        .map(({ method }) => method),
    webhooks: async (projectId, page) =>
      pageOf(listWebhooks(database, projectId), ({ path, method }) => [path, method], page),
    listening: async (type, projectIds) => listeningTriggers(database, type, projectIds),
    triggers: async (projectId, workflowId, page) =>
      pageOf(
        listTriggers(database, projectId).filter((one) => workflowId === undefined || one.workflowId === workflowId),
        ({ workflowName, name }) => [workflowName, name],
        page,
      ),
    trigger: async (projectId, id) => listTriggers(database, projectId).find((one) => one.id === id),
  };
}

function create(database: Database, workflow: NewWorkflow): Workflow {
  const { id, projectId, definition, status, triggers, now } = workflow;
  const text = JSON.stringify(definition);
  const dates = { createdAt: now, updatedAt: now };
  const named = { id, projectId, name: definition.name, version: 1, status, ...dates };
  return put(
    database,
    { ...named, triggers: triggers.map((one) => toRecord(one, [])) },
    { text, savedBy: workflow.savedBy ?? null },
  );
}

function update(database: Database, change: WorkflowChange): Workflow {
  const { id, projectId, definition, expectedVersion, now } = change;
  const present = find(database, projectId, id);
  if (present === undefined) throw new MyelinError('workflow_not_found');
  if (expectedVersion !== undefined && expectedVersion !== present.version) {
    throw new MyelinError('version_conflict', `The workflow is at version ${present.version}, not ${expectedVersion}.`);
  }
  const text = JSON.stringify(definition);
  const triggers = change.triggers.map((one) => toRecord(one, present.triggers));
  const status = change.activate === true ? 'active' : present.status;
  const next = { ...present, name: definition.name, version: present.version + 1, status, updatedAt: now, triggers };
  return put(database, next, { text, savedBy: change.savedBy ?? null });
}

function setStatus(database: Database, projectId: string, id: string, status: WorkflowStatus, now: number): Workflow {
  const present = find(database, projectId, id);
  if (present === undefined) throw new MyelinError('workflow_not_found');
  return put(database, { ...present, status, updatedAt: now });
}

/** A trigger keeps its id as long as its name stays. */
function toRecord(trigger: NewTrigger, before: readonly TriggerRecord[]): TriggerRecord {
  const { id, name, type, config, webhook } = trigger;
  const known = before.find((one) => one.name === name);
  return { id: known?.id ?? id, name, type, config: JSON.stringify(config), webhook: webhook ?? null };
}

interface Document {
  /** JSON. */
  readonly text: string;
  readonly savedBy: string | null;
}

const rowOf = ({ version, createdAt, savedBy }: VersionRecord): VersionRow => ({ version, createdAt, savedBy });

/** Checks what the constraints of the tables would, then writes. */
function put(database: Database, workflow: WorkflowRecord, document?: Document): Workflow {
  const others = [...database.workflows.values()].filter(
    ({ id, projectId }) => id !== workflow.id && projectId === workflow.projectId,
  );
  if (others.some(({ name }) => name === workflow.name)) throw new MyelinError('workflow_exists');
  if (workflow.status === 'active') checkPaths(workflow, others);
  database.workflows.set(workflow.id, workflow);
  if (document !== undefined) keepVersion(database, workflow, document);
  writeSchedules(database, workflow, workflow.updatedAt);
  writePolls(database, workflow, workflow.updatedAt);
  wake(database, 'triggers');
  return toWorkflow(database, workflow);
}

function keepVersion(database: Database, workflow: WorkflowRecord, { text: definition, savedBy }: Document): void {
  const { projectId, id, version, updatedAt: createdAt } = workflow;
  addVersion(database, projectId, id, { version, definition, createdAt, savedBy });
}

function keepTest(database: Database, { projectId, workflowId, executionId, definition, now }: NewTest): number {
  database.lastTest += 1;
  const version = -database.lastTest;
  const record = { version, definition: JSON.stringify(definition), createdAt: now, savedBy: null, executionId };
  addVersion(database, projectId, workflowId, record);
  return version;
}

function addVersion(database: Database, projectId: string, workflowId: string, record: VersionRecord): void {
  const kept = versionsOf(database, projectId, workflowId);
  database.versions.set(`${projectId} ${workflowId}`, [...kept, record]);
}

/** Documents of tests, by the execution that each is of. */
export function removeTests({ versions }: Database, goes: (executionId: string, createdAt: number) => boolean): void {
  for (const [place, kept] of versions) {
    const left = kept.filter((one) => one.executionId === undefined || !goes(one.executionId, one.createdAt));
    if (left.length < kept.length) versions.set(place, left);
  }
}

function versionsOf({ versions }: Database, projectId: string, workflowId: string): readonly VersionRecord[] {
  return versions.get(`${projectId} ${workflowId}`) ?? [];
}

function checkPaths(workflow: WorkflowRecord, others: readonly WorkflowRecord[]): void {
  const taken = new Set<string>();
  for (const one of others) if (one.status === 'active') for (const place of places(one)) taken.add(place);
  for (const place of places(workflow)) {
    if (taken.has(place)) throw new MyelinError('webhook_path_taken');
    taken.add(place);
  }
}

function places({ triggers }: WorkflowRecord): string[] {
  return triggers.flatMap(({ webhook }) => (webhook === null ? [] : [`${webhook.method} ${webhook.path}`]));
}

function find(database: Database, projectId: string, id: string): WorkflowRecord | undefined {
  const workflow = database.workflows.get(id);
  return workflow?.projectId === projectId ? workflow : undefined;
}

function get(database: Database, projectId: string, idOrName: string): Workflow | undefined {
  const named = () =>
    [...database.workflows.values()].find((one) => one.projectId === projectId && one.name === idOrName);
  const workflow = find(database, projectId, idOrName) ?? named();
  return workflow === undefined ? undefined : toWorkflow(database, workflow);
}

function list(database: Database, projectId: string, { after, limit, status, key }: WorkflowQuery): Workflow[] {
  const found = [...database.workflows.values()].filter(
    (one) =>
      one.projectId === projectId &&
      (after === undefined || one.name > after) &&
      (status === undefined || one.status === status) &&
      (key === undefined || presentText(database, one).includes(`"${key}":`)),
  );
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  return found.slice(0, limit).map((one) => toWorkflow(database, one));
}

/** The definition of the present version. */
function presentText(database: Database, { projectId, id, version }: Omit<Workflow, 'definition'>): string {
  return versionsOf(database, projectId, id).find((one) => one.version === version)?.definition as string;
}

function toWorkflow(database: Database, { triggers: _, ...workflow }: WorkflowRecord): Workflow {
  return { ...workflow, definition: JSON.parse(presentText(database, workflow)) };
}

/** What the API can, a person can from the pages; and nobody is offered what the server would refuse them. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type OperationId, ROUTES } from '../src/contract/routes.ts';
import { LEAST_ROLES } from '../src/core/keys/roles.ts';
import { addressedBy, askedBy, heldBackBy } from './architecture/page-operations.ts';
import { readSources, sourceFile } from './architecture/source.ts';

/** Operations without a place in the pages, each with its reason. */
const WITHOUT_PLACE: Partial<Record<OperationId, string>> = {
  addTrigger: 'the editor saves a workflow as a whole, and its triggers with it',
  updateTrigger: 'the editor saves a workflow as a whole, and its triggers with it',
  deleteTrigger: 'the editor saves a workflow as a whole, and its triggers with it',
  getConnection: 'the list has all of each',
  getEventGroup: 'the list has all of each',
  getReplay: 'the list has all of each',
  getSessionTimeline: 'the page of a session reads its events, from any place, and tells them itself',
  rebuildProjection: 'for who mended the code of a read model: a command with a progress bar',
  rotateConnectionKey: 'acts on all projects of the server: a command of its operator',
  createSignInLink: 'takes a key: a browser lets nobody else in',
  approvalPage: 'a page of its own, for whoever has its link',
  decideByLink: 'the button of that page',
  callback: 'the outside answers an execution that waits',
  nodeCallback: 'the outside answers an execution that waits',
  getWebhook: 'the outside starts an execution',
  postWebhook: 'the outside starts an execution',
  putWebhook: 'the outside starts an execution',
  patchWebhook: 'the outside starts an execution',
  deleteWebhook: 'the outside starts an execution',
  live: 'for what watches the process',
  ready: 'for what watches the process',
  metrics: 'for Prometheus',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = readSources(root, ['ui/src']);
const operations = Object.keys(ROUTES) as OperationId[];

describe('the pages', () => {
  const asked = askedBy(pages);
  const used = new Set([...asked, ...addressedBy(pages)]);

  test('have a place for each operation that a person needs', () => {
    const missing = operations.filter((id) => !used.has(id) && WITHOUT_PLACE[id] === undefined);
    expect(missing).toEqual([]);
  });

  test('ask only what there is', () => {
    expect([...used].filter((id) => !(id in ROUTES))).toEqual([]);
    expect(Object.keys(WITHOUT_PLACE).filter((id) => !(id in ROUTES))).toEqual([]);
  });

  test('hold back each operation that not everybody may', () => {
    const held = heldBackBy(pages);
    const all = operations.filter((id) => LEAST_ROLES[ROUTES[id].permission] !== 'viewer' && asked.has(id));
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((id) => !held.has(id))).toEqual([]);
  });
});

test('the reader of pages finds what is asked and what is held back', () => {
  const page = sourceFile(
    'ui/src/features/a/b.tsx',
    `const a = useApiAll('listWorkflows'); call('getWorkflow', {}); everyItem<'x'>('listKeys'); table.openapi?.path;
     call(verb === 'x' ? 'retryExecution' : 'cancelExecution', {});
     <Button operation="createKey" />; <Button operation={isOn ? 'pauseWorkflow' : 'activateWorkflow'} />;
     const item = { label: 'Delete', operation: 'deleteWorkflow' as const }; useRefusal()('savePrompt');`,
  );
  expect([...askedBy([page])]).toEqual([
    'listWorkflows',
    'getWorkflow',
    'listKeys',
    'retryExecution',
    'cancelExecution',
  ]);
  expect([...addressedBy([page])]).toEqual(['openapi']);
  expect([...heldBackBy([page])]).toEqual([
    'createKey',
    'pauseWorkflow',
    'activateWorkflow',
    'deleteWorkflow',
    'savePrompt',
  ]);
});

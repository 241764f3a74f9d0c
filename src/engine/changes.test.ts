import { beforeEach, expect, test } from 'vitest';
import { memoryStore } from '../adapters/memory/store.ts';
import { systemRuntime } from '../adapters/runtime/system.ts';
import { type Change, MAX_TOLD } from '../ports/live.ts';
import type { Commit, CommitResult } from '../ports/store.ts';
import { creation, endedCreation, failing, following, letterOf, newId, ownedCreation } from '../testing/factories.ts';
import { Changes } from './changes.ts';

const COMMITTED: CommitResult = { result: 'committed' };

let told: (readonly Change[] | 'missed')[];
let refuses: boolean;
let changes: Changes;

beforeEach(() => {
  told = [];
  refuses = false;
  const tell = async (what: readonly Change[] | 'missed') => {
    if (refuses) throw new Error('away');
    told.push(what);
  };
  const store = { tell, tellMissed: () => tell('missed'), listen: async () => undefined };
  changes = new Changes({ store, runtime: systemRuntime('silent') });
});

const committed = (...commits: Commit[]) =>
  changes.committed(
    commits,
    commits.map(() => COMMITTED),
  );
const idsOf = (change: Change | undefined) => change?.executions.map(({ id }) => id);

/** What is told of the one project that changed. */
async function toldOf(...commits: Commit[]): Promise<Change> {
  committed(...commits);
  await changes.runOnce();
  const [[change, ...others]] = told as [Change[]];
  expect(others).toEqual([]);
  return change as Change;
}

test('nothing is told where nothing changed', async () => {
  changes.touch(newId(), []);
  await changes.runOnce();
  expect(told).toEqual([]);
});

test('an execution is told once, with its last status, however many commits it had', async () => {
  const first = ownedCreation();
  const { executionId: id, projectId, workflowId } = first;
  expect(await toldOf(first, following(first), failing(first))).toEqual({
    projectId,
    topics: ['executions'],
    executions: [{ id, workflowId, status: 'failed' }],
    more: false,
  });
  await changes.runOnce();
  expect(told).toHaveLength(1);
});

test('children are told with the commit that creates them', async () => {
  const parent = ownedCreation();
  const child = creation({ projectId: parent.projectId });
  expect(idsOf(await toldOf(following(parent, { children: [child] })))).toEqual([
    parent.executionId,
    child.executionId,
  ]);
});

test('what was refused, or was there already, is not told', async () => {
  const all = [creation(), creation(), creation()];
  const of = all[0]?.executionId ?? '';
  changes.committed(all, [{ result: 'refused' }, { result: 'duplicate', of }, { result: 'stale' }]);
  await changes.runOnce();
  expect(told).toEqual([]);
});

const asked = (kind: 'approval' | 'callback') => [{ waitId: newId(), path: 'a', kind, details: {} }];

test.each<[string, Partial<Commit>, string[]]>([
  ['a question to a person', { opens: asked('approval') }, ['approvals']],
  ['a question to somebody else', { opens: asked('callback') }, []],
  ['an answer that was taken in', { closes: [{ waitId: newId(), expired: false }] }, ['approvals']],
  ['a failure for good', { letter: letterOf(creation()) }, ['dead-letters']],
  ['an execution that is led on', { revived: true }, ['dead-letters']],
  ['a paid call', { calls: [] }, ['usage']],
  ['the end of one', { settles: [] }, ['usage']],
])('topics: %s', async (_, over, topics) => {
  expect((await toldOf(following(ownedCreation(), over))).topics).toEqual(['executions', ...topics]);
});

test('of very many executions the first are told, and that there are more', async () => {
  const projectId = newId();
  const all = Array.from({ length: MAX_TOLD + 1 }, () => endedCreation({ projectId }));
  const change = await toldOf(...all);
  expect(idsOf(change)).toEqual(all.slice(0, MAX_TOLD).map(({ executionId }) => executionId));
  expect(change.more).toBe(true);
});

test('projects are told in one statement, each by itself', async () => {
  const [one, two] = [newId(), newId()];
  changes.touch(one, ['workflows', 'prompts']);
  changes.touch(two, ['sessions']);
  changes.touch(one, ['workflows']);
  await changes.runOnce();
  expect(told).toEqual([
    [
      { projectId: one, topics: ['workflows', 'prompts'], executions: [], more: false },
      { projectId: two, topics: ['sessions'], executions: [], more: false },
    ],
  ]);
});

test('what could not be told is told later, with what came meanwhile', async () => {
  const projectId = newId();
  const [first, second] = [endedCreation({ projectId }), endedCreation({ projectId })];
  refuses = true;
  committed(first);
  changes.missed();
  await expect(changes.runOnce()).rejects.toThrow('away');
  refuses = false;
  changes.touch(projectId, ['prompts']);
  committed(second);
  await changes.runOnce();
  const [missed, [change]] = told as ['missed', Change[]];
  expect(missed).toBe('missed');
  expect(change?.topics.toSorted()).toEqual(['executions', 'prompts']);
  expect(idsOf(change)?.toSorted()).toEqual([first.executionId, second.executionId].toSorted());
});

test('a started service tells by itself, and what is left when it is stopped', async () => {
  const store = memoryStore(systemRuntime('silent'));
  const heard: string[] = [];
  const first = Promise.withResolvers<void>();
  await store.live.listen(
    ({ topics }) => {
      heard.push(...topics);
      first.resolve();
    },
    () => undefined,
  );
  // The clock stands still: the pause between two statements never ends.
  const service = new Changes({ store: store.live, runtime: { ...systemRuntime('silent'), now: () => 0 } });
  service.start();
  service.touch(newId(), ['workflows']);
  await first.promise;
  service.touch(newId(), ['prompts']);
  await service.stop();
  expect(heard).toEqual(['workflows', 'prompts']);
});

import { expect, test } from 'vitest';
import { MyelinError } from '../core/errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { Commit, CommitResult, ExecutionStore, StoredEvent } from '../ports/store.ts';
import { Committer } from './committer.ts';

const runtime: Runtime = {
  now: () => 0,
  id: () => 'id',
  random: () => 0,
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
  soon: setImmediate,
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
};

const event = { type: 'node.woken', at: 7, data: { path: 'a' } } as const;

function commitOf(id: string): Commit {
  return {
    executionId: id,
    projectId: 'p',
    workflowId: 'f',
    writer: 'w',
    firstSeq: 3,
    events: [event],
    status: 'running',
    owner: 'w',
    startedAt: null,
    finishedAt: null,
    error: null,
    arm: [],
    disarm: [],
    taken: [],
    posts: [],
    children: [],
  };
}

const committed: CommitResult = { result: 'committed' };

/** A store whose writes do what the test says, and whose events are those it says. */
function committerOn(write: (commits: readonly Commit[]) => Promise<CommitResult[]>, stored: StoredEvent[] = []) {
  const batches: string[][] = [];
  const store = {
    commit: (commits: readonly Commit[]) => {
      batches.push(commits.map((one) => one.executionId));
      return write(commits);
    },
    events: async () => stored,
  } as unknown as ExecutionStore;
  return { committer: new Committer({ store, runtime, batch: 3 }), batches };
}

const succeed = async (commits: readonly Commit[]) => commits.map(() => committed);

test('what is ready together is written together, up to the limit', async () => {
  const { committer, batches } = committerOn(succeed);
  await Promise.all(['a', 'b', 'c', 'd'].map((id) => committer.commit(commitOf(id))));
  expect(batches).toEqual([['a', 'b', 'c'], ['d']]);
  expect(committer.batches).toBe(2);
});

test('commits that belong together are never split', async () => {
  const { committer, batches } = committerOn(succeed);
  const group = ['a', 'b', 'c', 'd', 'e'].map(commitOf);
  expect(await committer.commitAll(group)).toEqual(group.map(() => committed));
  expect(batches).toEqual([['a', 'b', 'c', 'd', 'e']]);
});

test('at most two transactions are on their way', async () => {
  const open: (() => void)[] = [];
  let most = 0;
  const { committer } = committerOn(async (commits) => {
    await new Promise<void>((resolve) => open.push(resolve));
    return commits.map(() => committed);
  });
  let isOver = false;
  const all = Promise.all(Array.from({ length: 9 }, (_, at) => committer.commit(commitOf(`e${at}`))));
  void all.then(() => {
    isOver = true;
  });
  while (!isOver) {
    // Whoever may begin has begun by then.
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    most = Math.max(most, open.length);
    for (const end of open.splice(0)) end();
  }
  expect(most).toBe(2);
});

test('one commit that cannot be written does not disturb the others', async () => {
  const { committer } = committerOn(async (commits) => {
    if (commits.some((one) => one.executionId === 'bad')) throw new Error('invalid byte sequence');
    return commits.map(() => committed);
  });
  const results = await Promise.allSettled(['a', 'bad', 'c'].map((id) => committer.commit(commitOf(id))));
  expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('each gets its own result', async () => {
  const { committer } = committerOn(async () => [committed, { result: 'refused' }, { result: 'duplicate', of: 'x' }]);
  const results = await Promise.all(['a', 'b', 'c'].map((id) => committer.commit(commitOf(id))));
  expect(results.map((one) => one.result)).toEqual(['committed', 'refused', 'duplicate']);
});

test.each([
  ['was written before the connection broke: it is not written twice', [{ ...event, seq: 3 }], 1],
  ['was not written: it is written when the database answers', [], 2],
  ['was not written, but another owner wrote there: the store decides', [{ ...event, at: 8, seq: 3 }], 2],
] as [string, StoredEvent[], number][])('a commit of unknown outcome that %s', async (_, stored, writes) => {
  let down = true;
  const { committer, batches } = committerOn(async (commits) => {
    if (!down) return commits.map(() => committed);
    down = false;
    throw new MyelinError('store_unavailable');
  }, stored);
  expect(await committer.commit(commitOf('a'))).toEqual(committed);
  expect(batches.length).toBe(writes);
  expect(committer.available).toBe(true);
});

test.each([
  ['the row has another owner by then', async () => [{ result: 'refused' }]],
  ['its own key is taken', async () => [{ result: 'duplicate', of: 'a' }]],
  ['its events are there', () => Promise.reject(new Error('duplicate key'))],
] as [string, () => Promise<CommitResult[]>][])(
  'a transaction that ends after it was looked for: %s',
  async (_, second) => {
    const stored: StoredEvent[] = [];
    let tries = 0;
    const { committer } = committerOn(async () => {
      tries += 1;
      if (tries === 1) throw new MyelinError('store_unavailable');
      stored.push({ ...event, seq: 3 });
      return await second();
    }, stored);
    expect(await committer.commit(commitOf('a'))).toEqual(committed);
    expect(tries).toBe(2);
  },
);

test('what is refused after an outage and is not there is refused', async () => {
  let tries = 0;
  const { committer } = committerOn(async () => {
    tries += 1;
    if (tries === 1) throw new MyelinError('store_unavailable');
    if (tries === 2) return [{ result: 'refused' }];
    throw new Error(tries === 3 ? 'broken' : 'store away');
  });
  expect(await committer.commit(commitOf('a'))).toEqual({ result: 'refused' });
  await expect(committer.commit(commitOf('b'))).rejects.toThrow('broken');
});

test('stop waits for what is on its way', async () => {
  const { committer } = committerOn(succeed);
  let written = false;
  const commit = committer.commit(commitOf('a')).then(() => {
    written = true;
  });
  await committer.stop();
  await commit;
  expect(written).toBe(true);
});

test('stop gives up on a database that stays away', async () => {
  const { committer } = committerOn(async () => {
    throw new MyelinError('store_unavailable');
  });
  const commit = committer.commit(commitOf('a'));
  const outcome = expect(commit).rejects.toMatchObject({ code: 'store_unavailable' });
  await new Promise((resolve) => setImmediate(resolve));
  await committer.stop();
  await outcome;
});

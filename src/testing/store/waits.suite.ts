import { describe, expect, test } from 'vitest';
import type { Commit, OpenWait, Store } from '../../ports/store.ts';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import type { NewAnswer, WaitQuery } from '../../ports/waits.ts';
import { FAILURE, failing, following, HOUR, NOW, newId, ownedCreation, resting } from '../factories.ts';
import { claimAs, signalsOf } from './drain.ts';

const approval = (over: Partial<OpenWait> = {}, details: object = {}): OpenWait => ({
  ...{ waitId: newId(), path: 'ask', kind: 'approval' },
  details: { title: 'Go on?', assignees: null, due: null, ...details },
  ...over,
});
const callbackAt = (path: string): OpenWait => approval({ kind: 'callback', path, details: null });
const eventOf = (type: string): OpenWait => approval({ kind: 'event', details: { type, match: null } });

export function waitSuite(store: () => Store): void {
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const waits = () => store().waits;
  const list = async (of: Commit, query: Partial<WaitQuery> = {}) => {
    const asked = { projectId: of.projectId, kind: 'approval', limit: 100, ...query } as const;
    const found = await waits().list(asked);
    expect(await waits().count(asked)).toBe(found.length);
    return found;
  };
  const ids = async (of: Commit, query: Partial<WaitQuery> = {}) => (await list(of, query)).map(({ id }) => id);
  const yes = (of: Commit, { waitId }: OpenWait, over: Partial<NewAnswer> = {}): NewAnswer => ({
    ...{ projectId: of.projectId, waitId, answer: { decision: 'approved', by: 'ada' }, final: true },
    ...over,
  });
  const give = async (...answers: NewAnswer[]) => await waits().answer(answers, NOW);

  /** An execution at rest that asks these questions; `first` is what created it. */
  async function asking(...opens: OpenWait[]): Promise<Commit> {
    const first = ownedCreation();
    await commit(first);
    await commit(resting(first, { opens }));
    return first;
  }

  /** The owner's next commit, as after a claim. */
  async function next(first: Commit, over: Partial<Commit> = {}): Promise<Commit> {
    const claimed: string[] = [];
    while (!claimed.includes(first.executionId)) {
      const batch = await claimAs(store(), first.writer, 100);
      if (batch.length === 0) throw new Error('nothing to claim');
      claimed.push(...batch.map(({ id }) => id));
    }
    const others = claimed.filter((id) => id !== first.executionId);
    await store().executions.release(first.writer, others);
    return following({ ...first, events: [...first.events, ...first.events.slice(0, 1)] }, over);
  }

  describe('waits', () => {
    test('are opened by a commit, shown as they were asked, and changed by the same id', async () => {
      const ask = approval(
        { path: 'each[3]/ask' },
        { assignees: ['ada', 'ops'], due: NOW + HOUR, note: '\u0000\u001e🎉' },
      );
      const first = await asking(ask);
      const row = await waits().get(first.projectId, ask.waitId);
      expect(row).toEqual({
        ...{ id: ask.waitId, projectId: first.projectId, executionId: first.executionId },
        ...{ workflowId: first.create?.workflowId, workflowName: '(deleted)', path: 'each[3]/ask', kind: 'approval' },
        ...{ details: ask.details, createdAt: NOW + 2, closedAt: null, closedBy: null, answer: null },
      });
      await give(yes(first, ask, { final: false }));
      const changed = { ...ask, details: { title: 'Go on?', assignees: ['bo'] } };
      const twice = [{ ...ask, details: { assignees: ['nobody'] } }, changed];
      expect(await commit(await next(first, { opens: twice, owner: null, status: 'waiting' }))).toEqual([
        { result: 'committed' },
      ]);
      expect(await waits().get(first.projectId, ask.waitId)).toEqual({ ...row, details: changed.details });
      expect(await ids(first, { assignees: ['bo'] })).toEqual([ask.waitId]);
      expect(await ids(first, { assignees: ['ada'] })).toEqual([]);
    });

    test('are found by any of several names, and with those that ask nobody by name', async () => {
      const [ada, ops, anybody] = [{ assignees: ['ada'] }, { assignees: ['ops', 'ada, bo'] }, {}].map((details) =>
        approval({}, details),
      ) as [OpenWait, OpenWait, OpenWait];
      const first = await asking(ada, ops, anybody);
      const sorted = (...asked: OpenWait[]) => asked.map(({ waitId }) => waitId).toSorted();
      const found = async (query: Partial<WaitQuery>) => (await ids(first, query)).toSorted();
      expect(await found({ assignees: ['ada', 'bo'] })).toEqual(sorted(ada));
      expect(await found({ assignees: ['ada', 'ada, bo'] })).toEqual(sorted(ada, ops));
      expect(await found({ for: ['bo', 'ops'] })).toEqual(sorted(ops, anybody));
      expect(await found({ for: ['nobody'] })).toEqual(sorted(anybody));
      expect(await found({ for: ['ada', 'ops'], assignees: ['ops'] })).toEqual(sorted(ops));
      const asked = { projectId: first.projectId, kind: 'approval', limit: 10 } as const;
      expect(await waits().count({ ...asked, for: ['ada'], executionId: first.executionId })).toBe(2);
    });

    test('are opened together with their execution, and go with it', async () => {
      const ask = approval();
      const first = ownedCreation(newId(), { opens: [ask], status: 'waiting', owner: null });
      await commit(first);
      expect(await ids(first, { workflowId: first.create?.workflowId ?? '' })).toEqual([ask.waitId]);
      expect(await ids(first, { workflowId: newId() })).toEqual([]);
      expect(await ids(first, { executionId: first.executionId })).toEqual([ask.waitId]);
      expect(await ids(first, { executionId: newId() })).toEqual([]);
      await store().executions.quarantine(first.executionId, FAILURE);
      expect(await store().executions.delete(first.projectId, first.executionId)).toBe(true);
      expect(await waits().get(first.projectId, ask.waitId)).toBeUndefined();
    });

    test('are listed newest first, by kind, page by page', async () => {
      const [one, two, three, other] = [approval(), approval(), approval(), callbackAt('hook')];
      const first = await asking(one, two, three, other);
      expect(await ids(first)).toEqual([three.waitId, two.waitId, one.waitId]);
      expect(await ids(first, { limit: 2 })).toEqual([three.waitId, two.waitId]);
      expect(await ids(first, { before: two.waitId })).toEqual([one.waitId]);
      expect(await ids(first, { kind: 'callback' })).toEqual([other.waitId]);
      await give(yes(first, two));
      expect(await ids(first, { open: true })).toEqual([three.waitId, one.waitId]);
      expect(await ids(first, { open: false })).toEqual([two.waitId]);
    });

    test('are listed by due time, what is never due last, page by page', async () => {
      const never = [approval(), approval()] as const;
      const [late, soon, same] = [NOW + 2 * HOUR, NOW + HOUR, NOW + HOUR].map((due) => approval({}, { due })) as [
        OpenWait,
        OpenWait,
        OpenWait,
      ];
      const first = await asking(never[0], late, soon, same, never[1]);
      const order = [same, soon, late, never[1], never[0]].map(({ waitId }) => waitId);
      expect(await ids(first, { byDue: true })).toEqual(order);
      expect(await ids(first, { byDue: true, limit: 3 })).toEqual(order.slice(0, 3));
      const dues = [NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR, null, null];
      for (const [at, id] of order.entries()) {
        const after = { due: dues[at] ?? null, id };
        expect(await ids(first, { byDue: true, after })).toEqual(order.slice(at + 1));
      }
      await give(yes(first, soon));
      expect(await ids(first, { byDue: true, open: true, after: { due: NOW + HOUR, id: same.waitId } })).toEqual(
        order.slice(2),
      );
    });

    test('belong to their project', async () => {
      const ask = approval();
      const first = await asking(ask);
      const foreign = { ...first, projectId: newId() };
      expect(await waits().get(foreign.projectId, ask.waitId)).toBeUndefined();
      expect(await ids(foreign)).toEqual([]);
      expect(await give(yes(foreign, ask))).toEqual(['absent']);
      expect(await signalsOf(store(), first.executionId)).toEqual([]);
    });

    test('take any text', async () => {
      const odd = ['a\u0000b', '\u001e\u001f', '{"a",}', 'half \udc00'];
      const [ask, hear] = [approval({}, { assignees: odd }), eventOf('a\u0000\u001e.b')];
      const first = await asking(ask, hear);
      expect((await waits().get(first.projectId, ask.waitId))?.details).toEqual(ask.details);
      expect(await ids(first, { assignees: ['{"a",}'] })).toEqual([ask.waitId]);
      const text = { comment: 'NUL \u0000, separator \u001e, half \udc00, 🎉' };
      expect(await give(yes(first, ask, { answer: text }))).toEqual(['taken']);
      expect((await waits().get(first.projectId, ask.waitId))?.answer).toEqual(text);
    });
  });

  describe('answer', () => {
    test('closes the question and tells the execution, in one', async () => {
      const ask = approval();
      const first = await asking(ask);
      const answer = { decision: 'rejected', by: 'bo' };
      expect(await give(yes(first, ask, { answer }))).toEqual(['taken']);
      const row = await waits().get(first.projectId, ask.waitId);
      expect(row).toMatchObject({ closedAt: NOW, closedBy: 'answer', answer });
      expect(await signalsOf(store(), first.executionId)).toEqual([{ type: 'answer', waitId: ask.waitId, answer }]);
      expect((await claimAs(store(), newId(), 1000)).map(({ id }) => id)).toContain(first.executionId);
    });

    test('is taken once, however many answer at the same time', async () => {
      const ask = approval();
      const first = await asking(ask);
      const many = Array.from({ length: 100 }, (_, n) => give(yes(first, ask, { answer: { by: `${n}` } })));
      const results = (await Promise.all(many)).flat();
      expect(results.filter((one) => one === 'taken')).toHaveLength(1);
      expect(results.filter((one) => one === 'closed')).toHaveLength(99);
      const by = `${results.indexOf('taken')}`;
      expect((await waits().get(first.projectId, ask.waitId))?.answer).toEqual({ by });
      expect(await signalsOf(store(), first.executionId)).toEqual([
        { type: 'answer', waitId: ask.waitId, answer: { by } },
      ]);
    });

    test('that is not final leaves it open', async () => {
      const ask = approval();
      const first = await asking(ask);
      const pass = yes(first, ask, { final: false, answer: { delegate: ['bo'], by: 'ada' } });
      expect(await give(pass)).toEqual(['taken']);
      expect(await waits().get(first.projectId, ask.waitId)).toMatchObject({ closedAt: null, answer: null });
      expect(await give(yes(first, ask))).toEqual(['taken']);
      expect(await give(pass)).toEqual(['closed']);
      expect(await signalsOf(store(), first.executionId)).toHaveLength(2);
    });

    test('of many is one transaction, each with its own result', async () => {
      const [open, closed] = [approval(), approval()];
      const first = await asking(open, closed);
      await give(yes(first, closed));
      const failed = approval();
      const broken = await asking(failed);
      await store().executions.quarantine(broken.executionId, FAILURE);
      const given = [yes(first, approval()), yes(first, closed), yes(broken, failed), yes(first, open)];
      expect(await give(...given)).toEqual(['absent', 'closed', 'ended', 'taken']);
      expect(await give()).toEqual([]);
      expect(await waits().get(broken.projectId, failed.waitId)).toMatchObject({ closedAt: null });
    });
  });

  describe('a message', () => {
    test('answers one wait of an execution, the oldest, however often it comes', async () => {
      const [one, two, three] = [eventOf('a'), eventOf('a'), eventOf('a')];
      const first = await asking(one, two);
      const message = newId();
      const told = (ask: OpenWait) => yes(first, ask, { message });
      expect(await give(told(two), told(one))).toEqual(['repeated', 'taken']);
      expect(await give(told(two))).toEqual(['repeated']);
      expect(await give(told(one), told(two))).toEqual(['closed', 'repeated']);
      expect(await commit(await next(first, { opens: [three], owner: null, status: 'waiting' }))).toEqual([
        { result: 'committed' },
      ]);
      expect(await give(told(three), told(two))).toEqual(['repeated', 'repeated']);
      expect(await give(yes(first, three, { message: newId() }))).toEqual(['taken']);
      expect(await give(yes(first, two))).toEqual(['taken']);
      expect(await signalsOf(store(), first.executionId)).toHaveLength(3);
    });

    test('answers the waits of many executions', async () => {
      const asked = [eventOf('a'), eventOf('a')];
      const executions = await Promise.all(asked.map((ask) => asking(ask)));
      const message = newId();
      const answers = executions.map((one, at) => yes(one, asked[at] as OpenWait, { message }));
      expect(await give(...answers)).toEqual(['taken', 'taken']);
    });

    test('answers one wait where many deliver it at the same time', async () => {
      const asked = Array.from({ length: 20 }, () => eventOf('a'));
      const first = await asking(...asked);
      const message = newId();
      const results = await Promise.all(asked.map((ask) => give(yes(first, ask, { message }))));
      expect(results.flat().filter((one) => one === 'taken')).toHaveLength(1);
      expect(results.flat().filter((one) => one === 'repeated')).toHaveLength(19);
      expect(await signalsOf(store(), first.executionId)).toHaveLength(1);
    });
  });

  describe('a commit that closes', () => {
    test('is stale where an answer came before the time-out, and writes nothing', async () => {
      const ask = approval();
      const first = await asking(ask);
      await give(yes(first, ask));
      const [signal] = await store().executions.signals([first.executionId]);
      const expire = await next(first, { closes: [{ waitId: ask.waitId, expired: true }], taken: [signal?.id ?? ''] });
      const beside = ownedCreation();
      expect(await commit(expire, beside)).toEqual([{ result: 'stale' }, { result: 'committed' }]);
      expect(await store().executions.events(first.projectId, first.executionId, 3, 10)).toEqual([]);
      expect(await signalsOf(store(), first.executionId)).toHaveLength(1);
      expect(await store().executions.owned(first.writer)).toContain(first.executionId);
      expect(await commit({ ...expire, closes: [{ waitId: ask.waitId, expired: false }] })).toEqual([
        { result: 'committed' },
      ]);
      expect(await waits().get(first.projectId, ask.waitId)).toMatchObject({ closedBy: 'answer', closedAt: NOW });
    });

    test('is refused, not stale, where its writer is not the owner', async () => {
      const ask = approval();
      const first = await asking(ask);
      await give(yes(first, ask));
      const late = following(first, { firstSeq: 4, closes: [{ waitId: ask.waitId, expired: true }] });
      expect(await commit(late)).toEqual([{ result: 'refused' }]);
    });

    test.each([
      [true, 'time'],
      [false, 'execution'],
    ])('leaves no room for an answer (expired: %s)', async (expired, closedBy) => {
      const ask = approval();
      const first = ownedCreation();
      await commit(first);
      const open = following(first, { opens: [ask] });
      await commit(open);
      expect(await commit(following(open, { closes: [{ waitId: ask.waitId, expired }] }))).toEqual([
        { result: 'committed' },
      ]);
      expect(await give(yes(first, ask))).toEqual(['closed']);
      expect(await waits().get(first.projectId, ask.waitId)).toMatchObject({
        closedBy,
        closedAt: NOW + 2,
        answer: null,
      });
      expect(await signalsOf(store(), first.executionId)).toEqual([]);
    });

    test('may have opened it, or close what nobody knows', async () => {
      const ask = approval();
      const first = ownedCreation();
      await commit(first);
      const closes = [ask.waitId, newId()].map((waitId) => ({ waitId, expired: true }));
      expect(await commit(following(first, { opens: [ask], closes }))).toEqual([{ result: 'committed' }]);
      expect(await ids(first, { open: false })).toEqual([ask.waitId]);
      expect(await commit(failing(following(first, { opens: [ask], closes })))).toEqual([{ result: 'committed' }]);
    });

    test('either expires or hears the answer, never both', async () => {
      for (let round = 0; round < 10; round++) {
        const ask = approval();
        const first = ownedCreation();
        await commit(first);
        const open = following(first, { opens: [ask] });
        await commit(open);
        const expire = following(open, { closes: [{ waitId: ask.waitId, expired: true }] });
        const [[committed], [answered]] = await Promise.all([commit(expire), give(yes(first, ask))]);
        expect([committed?.result, answered]).toEqual(
          answered === 'taken' ? ['stale', 'taken'] : ['committed', 'closed'],
        );
      }
    });
  });

  describe('callback', () => {
    test('finds the open one of a node, says when it was closed, and when there was none', async () => {
      const [one, two, inner] = [callbackAt('pay'), callbackAt('ship'), callbackAt('each[0]/pay')];
      const first = await asking(one, two, inner, approval());
      const find = (node?: string) => waits().callback(first.projectId, first.executionId, node);
      expect(await find()).toEqual({ state: 'open', waitId: one.waitId });
      expect(await find('ship')).toEqual({ state: 'open', waitId: two.waitId });
      expect(await find('ask')).toEqual({ state: 'none' });
      expect(await waits().callback(newId(), first.executionId)).toEqual({ state: 'none' });
      await give(yes(first, one));
      expect(await find('pay')).toEqual({ state: 'open', waitId: inner.waitId });
      await give(yes(first, inner));
      expect(await find('pay')).toEqual({ state: 'closed' });
      expect(await find()).toEqual({ state: 'open', waitId: two.waitId });
    });
  });

  describe('forEvent', () => {
    test('finds the open waits that may take a type, by id, page by page', async () => {
      const types = ['order.paid', 'order.*', 'order.*.late', '*', 'order.sent', 'paid'];
      const asked = types.map(eventOf);
      const first = await asking(...asked, approval());
      const found = async (type: string, page: { after?: string; limit?: number } = {}) =>
        (await waits().forEvent(first.projectId, type, { limit: 100, ...page })).map(({ id }) => id);
      const at = (...places: number[]) => places.map((place) => asked[place]?.waitId);
      expect(await found('order.paid')).toEqual(at(0, 1, 2, 3));
      expect(await found('order.paid', { limit: 2 })).toEqual(at(0, 1));
      expect(await found('order.paid', { after: asked[1]?.waitId ?? '' })).toEqual(at(2, 3));
      expect(await found('nothing')).toEqual(at(3));
      await give(yes(first, asked[1] as OpenWait));
      expect(await found('order.paid')).toEqual(at(0, 2, 3));
      expect(await waits().forEvent(newId(), 'order.paid', { limit: 10 })).toEqual([]);
      const [wait] = await waits().forEvent(first.projectId, 'order.sent', { limit: 1 });
      expect(wait).toEqual({ id: expect.any(String), executionId: first.executionId, details: expect.anything() });
    });
  });

  test('says which types an open wait may take', async () => {
    const asked = ['order.paid', 'item.*'].map(eventOf);
    const first = await asking(...asked);
    const expected = async (projectId = first.projectId) => [
      ...(await waits().expected(projectId, ['order.paid', 'order.sent', 'item.new.late', 'item'])),
    ];
    expect(await expected()).toEqual(['order.paid', 'item.new.late']);
    expect(await expected(newId())).toEqual([]);
    await give(yes(first, asked[0] as OpenWait));
    expect(await expected()).toEqual(['item.new.late']);
  });

  describe('the signing key of a project', () => {
    test('is the first that was given, whoever asks', async () => {
      const keys = Array.from({ length: 5 }, () => store().access.signingKey(DEFAULT_PROJECT, newId()));
      const [key, ...others] = await Promise.all(keys);
      expect(new Set([key, ...others]).size).toBe(1);
      expect(await store().access.signingKey(DEFAULT_PROJECT, newId())).toBe(key);
      expect(await store().access.signingKey(DEFAULT_PROJECT)).toBe(key);
      expect(await store().access.signingKey(newId())).toBeUndefined();
    });
  });
}

import { expect, test } from 'vitest';
import { Drive } from '../testing/drive.ts';
import { commitOf } from './commit-of.ts';

const absent = () => Promise.reject(new Error('nobody is asked'));
const needs = { id: 'w', child: absent, followUps: () => null, newId: () => 'id', decisionLinks: absent };
const running = { owner: 'w', startedAt: 5, finishedAt: null } as const;

test.each([
  ['as the commit before wrote it', { status: 'running', ...running }, true],
  ['of another status', { status: 'waiting', ...running }, undefined],
  ['of another owner', { status: 'running', ...running, owner: null }, undefined],
  ['not known', undefined, undefined],
] as const)('a row %s', async (_, before, unmoved) => {
  const drive = new Drive({ nodes: [{ id: 'a', type: 'act' }] });
  const commit = await commitOf(needs, {
    ...{ state: drive.state, firstSeq: 1, events: [], taken: [], heard: [], demands: [], create: undefined },
    ...{ hadEnded: false, rests: false, startedAt: 5, before },
  });
  expect(commit).toMatchObject({ status: 'running', ...running });
  expect(commit.unmoved).toBe(unmoved);
});

test.each([
  ['irreversible', { code: 'canceled', message: 'it was canceled', data: { unsure: true } }],
  ['read', undefined],
])('whoever called what was canceled while an effect (%s) was at work hears of it', async (effect, error) => {
  const drive = new Drive({ nodes: [{ id: 'pay', type: 'act', config: { effect } }] } as never);
  drive.state.parent = { executionId: 'above', path: 'a[1]/pay' };
  const firstSeq = drive.state.seq + 1;
  const events = drive.tell({ type: 'cancel', reason: 'enough' });
  const { posts } = await commitOf(needs, {
    ...{ state: drive.state, firstSeq, events, taken: [], heard: [], demands: [], create: undefined },
    ...{ hadEnded: false, rests: false, startedAt: null },
  });
  const outcome = { status: 'canceled', ...(error && { error: expect.objectContaining(error) }) };
  const signal = { type: 'child-ended', executionId: 'e', outcome };
  expect(posts).toEqual([{ executionId: 'above', projectId: 'p', signal }]);
});

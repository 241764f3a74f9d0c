import { expect, test, vi } from 'vitest';
import type { ExecutionState, NodeRef } from '../../core/execution/state.ts';
import { findFault } from './run.ts';

/** The bug: what was done first is undone first. */
vi.mock('../../core/execution/undo.ts', async (original) => {
  const undo = await original<typeof import('../../core/execution/undo.ts')>();
  const nextUndo = (state: ExecutionState, within: NodeRef | null) =>
    state.undo.find((one) => within === null || undo.isInside(one, within));
  return { ...undo, nextUndo };
});

test('it finds that what was done is undone in the order it was done', { timeout: 120_000 }, async () => {
  expect(await findFault(2_000)).toMatch(/undoes .*; done were, in this order: /);
});

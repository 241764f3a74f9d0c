/** What the suites of dead letters do again and again. */
import { expect } from 'vitest';
import type { NewLetter } from '../../ports/dead-letters.ts';
import type { Commit, Store } from '../../ports/store.ts';
import { type Creation, failing, letterOf, NOW, newId, ownedCreation } from '../factories.ts';
import { claimAs } from './drain.ts';

export function letterSteps(store: () => Store) {
  const letters = () => store().deadLetters;
  const commit = (...commits: Commit[]) => store().executions.commit(commits);
  const get = ({ projectId, id }: NewLetter) => letters().get(projectId, id);

  /** An execution that failed and left a letter. */
  async function fallen(over: Partial<NewLetter> = {}, first: Creation = ownedCreation()): Promise<NewLetter> {
    const letter = letterOf(first, over);
    await commit(first);
    await commit(failing(first, { letter, projectId: first.projectId }));
    return letter;
  }
  const inProject = (projectId: string) => ownedCreation(newId(), { projectId });
  const requeue = (ids: readonly string[], projectId: string) =>
    letters().requeue({ projectId, ids, reason: 'a test', now: NOW + 9 });
  const note = (projectId: string, by: string | null = 'ann', notes: string | null = 'seen') => ({
    projectId,
    by,
    notes,
    now: NOW + 9,
  });

  /** Takes up this execution, which somebody led on. */
  async function claim(owner: string, { executionId }: Commit): Promise<void> {
    const claimed = await claimAs(store(), owner, 1_000);
    expect(claimed.map(({ id }) => id)).toContain(executionId);
  }

  return { letters, commit, get, fallen, inProject, requeue, note, claim };
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../ports/store.ts';
import { SESSION_FOLDS } from '../../projections/sessions.ts';
import { listedOf, queryOf, sessionsAndLists, writeSessions } from '../session-lists.ts';

export function sessionListSuite(store: () => Store): void {
  describe('lists of sessions', () => {
    test('are what is left of all when each is asked, also when they are projected anew', async () => {
      await fc.assert(
        fc.asyncProperty(sessionsAndLists, async ([drawn, lists]) => {
          const { sessions } = store();
          const all = await writeSessions(store(), drawn);
          const { projectId } = all[0]!;
          for (const rebuild of [false, true]) {
            if (rebuild) await sessions.rebuild(projectId, 'agent_session_summary', SESSION_FOLDS, () => undefined);
            for (const list of lists) {
              const query = queryOf(all, list);
              expect((await sessions.list(query)).map(({ key }) => key)).toEqual(listedOf(all, query));
            }
          }
        }),
        { numRuns: 10 },
      );
    });
  });
}

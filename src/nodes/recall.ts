/** Searches what was said and remembered in sessions. */
import { z } from 'zod';
import { MyelinError } from '../core/errors.ts';
import type { TaskNode } from '../core/node-type.ts';
import type { SessionStore } from '../ports/sessions.ts';

export const recallConfig = z.strictObject({
  text: z.string().min(1).max(500).describe('Words to look for'),
  session: z.union([z.string(), z.null()]).optional().describe('Only in this conversation, where no user is named'),
  user: z.union([z.string(), z.null()]).optional().describe('In all conversations of this user'),
  limit: z
    .union([z.int().min(1).max(50), z.string()])
    .optional()
    .describe('Default 5'),
});
export type RecallConfig = z.infer<typeof recallConfig>;

export function recallNode(sessions: Pick<SessionStore, 'get' | 'recall'>): TaskNode<RecallConfig> {
  return {
    type: 'recall',
    version: 1,
    description: 'Searches what was said and remembered in a session, or in all sessions of a user, by words.',
    example: { text: '{{ $trigger.body.question }}', user: '{{ $trigger.body.user }}' },
    config: recallConfig,
    first: ['text', 'session', 'user'],
    ports: () => ['out'],
    effect: () => 'read',
    run: async ({ text, session, user, limit }, { projectId }) => {
      if (!session && !user) {
        throw new MyelinError('config_invalid', 'Name a `session` or a `user`: memory of others is never searched.');
      }
      const most = typeof limit === 'number' ? limit : 5;
      if (user) return { output: await sessions.recall({ projectId, text, userId: user, limit: most }) };
      const found = await sessions.get(projectId, session as string);
      if (found === undefined) return { output: [] };
      return { output: await sessions.recall({ projectId, text, sessionId: found.id, limit: most }) };
    },
  };
}

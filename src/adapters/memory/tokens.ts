/** Texts of model calls on their way, in the order they were written; the clock of the runtime stands for the database's. */
import type { Runtime } from '../../ports/runtime.ts';
import type { CallRef, TokenStore } from '../../ports/tokens.ts';
import { type Database, wake } from './database.ts';

export function tokenStore(database: Database, runtime: Pick<Runtime, 'now'>): TokenStore {
  const { tokenChunks } = database;
  return {
    write: async (chunks) => {
      for (const chunk of chunks) {
        const text = chunk.text.replaceAll('\0', '\ufffd');
        tokenChunks.set(`${placeOf(chunk)}@${chunk.start}`, { ...chunk, text, at: runtime.now() });
      }
      if (chunks.length > 0) wake(database, 'tokens');
    },
    read: async (executions, have, limit) => {
      const lengths = new Map(have.map((one) => [placeOf(one), one.length]));
      const wanted = new Set(executions.map(({ projectId, executionId }) => `${projectId} ${executionId}`));
      return [...tokenChunks.values()]
        .filter((chunk) => {
          const length = lengths.get(placeOf(chunk));
          if (length !== undefined) return chunk.start >= length;
          return chunk.start === 0 && wanted.has(`${chunk.projectId} ${chunk.executionId}`);
        })
        .sort((a, b) => a.start - b.start)
        .slice(0, limit)
        .map(({ at: _, ...chunk }) => chunk);
    },
    remove: async (calls) => {
      for (const { attempt, ...call } of calls) {
        for (const [key, chunk] of tokenChunks) {
          if (chunk.attempt <= attempt && placeOf({ ...call, attempt: chunk.attempt }) === placeOf(chunk)) {
            tokenChunks.delete(key);
          }
        }
      }
    },
    forget: async (olderThanMs) => {
      for (const [key, { at }] of tokenChunks) if (at < runtime.now() - olderThanMs) tokenChunks.delete(key);
    },
  };
}

const placeOf = ({ projectId, executionId, path, attempt }: CallRef): string =>
  `${projectId} ${executionId} ${path}#${attempt}`;

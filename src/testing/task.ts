/** What a task is given, for tests that run a node without an engine. */
import { connectionType, parse } from '../core/connections/parts.ts';
import { MyelinError } from '../core/errors.ts';
import type { TaskContext } from '../core/node-type.ts';

/** `[type, config]` by name. */
export type TestConnections = Readonly<Record<string, readonly [type: string, config: unknown]>>;

export function testTask(connections: TestConnections = {}, over: Partial<TaskContext> = {}): TaskContext {
  return {
    ...{ executionId: 'e1', projectId: 'p1', path: 'node', attempt: 1, isMasked: false },
    ...{ idempotencyKey: 'e1/node', signal: new AbortController().signal, input: {}, env: {} },
    redact: (text) => text,
    connection: async (name, type) => {
      const [found, config] = connections[name] ?? [];
      if (found !== type) throw new MyelinError('connection_missing');
      const { open, secret } = parse(connectionType(type), config);
      return { id: name, updatedAt: 1, config: { ...open, ...secret } };
    },
    ...over,
  };
}

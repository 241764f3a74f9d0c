/**
 * Executions as tasks of the protocol: the id of a task is that of its execution, so every process can tell of it, and
 * nothing is kept but the execution itself. 2025-11-25 has tasks in its core, 2026-07-28 as an extension (SEP-2663);
 * the library has the words of the first and a door for both.
 */
import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  RELATED_TASK_META_KEY,
  type Result,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { hasEnded } from '../../core/execution/index.ts';
import type { Logger } from '../../ports/runtime.ts';
import {
  type Exchange,
  followInStream,
  protocolError,
  questionsOf,
  requestsOf,
  TASKS,
  takeAnswers,
} from './exchange.ts';
import { resultOf, waitsFor } from './result.ts';
import { follow, look, type Standing } from './standing.ts';

const POLL_MS = 1_000;
/** How long the answer to a cancel waits for it; it comes later where the owner is busy. */
const CANCEL_MS = 2_000;

const requiredCapabilities = { extensions: { [TASKS]: {} } };
const params = z.looseObject({ taskId: z.string().max(100) });

type Status = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** `open` makes the exchange of a request. */
export function serveTasks(
  server: Server,
  isModern: boolean,
  open: (context: ServerContext) => Promise<Exchange>,
  log: Logger,
): void {
  const serve = (method: string, answer: (exchange: Exchange, id: string, context: ServerContext) => Promise<Result>) =>
    server.setRequestHandler(method, { params }, async ({ taskId }, context) => {
      try {
        const exchange = await open(context);
        if (isModern && !exchange.takesTasks) throw new MissingRequiredClientCapabilityError({ requiredCapabilities });
        return await answer(exchange, taskId, context);
      } catch (error) {
        throw protocolError(error, log);
      }
    });
  serve('tasks/get', async (exchange, id) => detailed(exchange, await look(exchange.deps, exchange.projectId, id)));
  serve('tasks/cancel', cancel);
  if (isModern) serve('tasks/update', (exchange, id, { mcpReq }) => update(exchange, id, mcpReq.inputResponses));
  else serve('tasks/result', result);
}

/** With the result, or with what is asked: clients of 2025-11-25 get these by `tasks/result`. */
function detailed(exchange: Exchange, standing: Standing): Result {
  const task = taskOf(exchange, standing);
  if (!exchange.isModern) return task;
  if (task.status === 'completed') return { ...task, result: { ...resultOf(standing), resultType: 'complete' } };
  if (task.status !== 'input_required') return task;
  return { ...task, inputRequests: requestsOf(questionsOf(exchange, standing)) };
}

async function update(exchange: Exchange, taskId: string, answers: object | undefined): Promise<Result> {
  const { row } = await look(exchange.deps, exchange.projectId, taskId);
  const { faults } = await takeAnswers(exchange, row.id, answers);
  const [fault] = faults.values();
  if (fault !== undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, fault);
  return {};
}

async function cancel(exchange: Exchange, taskId: string): Promise<Result> {
  const { deps, projectId, isModern, over } = exchange;
  const { row } = await look(deps, projectId, taskId);
  const isOver = hasEnded(row.status);
  if (isOver && !isModern) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The task is over: the execution is ${row.status}.`);
  }
  const signal = { type: 'cancel', reason: 'canceled by an MCP client', compensate: false } as const;
  if (!isOver) await deps.store.executions.post({ executionId: row.id, projectId, signal });
  deps.engine.wake();
  if (isModern) return {};
  const until = deps.runtime.now() + CANCEL_MS;
  return taskOf(exchange, await follow(deps, { projectId, executionId: row.id, until, over }));
}

/** Waits for the end, however long that takes, and asks on the way. */
async function result(exchange: Exchange, taskId: string): Promise<Result> {
  const related = { [RELATED_TASK_META_KEY]: { taskId } };
  const standing = await followInStream(exchange, taskId, Number.POSITIVE_INFINITY, related);
  if (!hasEnded(standing.row.status)) {
    throw new ProtocolError(ProtocolErrorCode.InternalError, 'The server is about to end; ask again.');
  }
  const { _meta, ...answer } = resultOf(standing);
  return { ...answer, _meta: { ..._meta, ...related } };
}

/** As a call answers it: without what is inside. */
export function taskOf(exchange: Exchange, standing: Standing) {
  const { id: taskId, createdAt, startedAt, finishedAt } = standing.row;
  const status = statusOf(exchange, standing);
  const task = {
    taskId,
    status,
    ...(!hasEnded(standing.row.status) && { statusMessage: waitsFor(standing) }),
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(finishedAt ?? startedAt ?? createdAt).toISOString(),
  };
  return exchange.isModern
    ? { ...task, ttlMs: null, pollIntervalMs: POLL_MS }
    : { ...task, ttl: null, pollInterval: POLL_MS };
}

/** A tool that failed has a result that says so: to the extension it is completed, to the core of 2025 failed. */
function statusOf(exchange: Exchange, standing: Standing): Status {
  const { status } = standing.row;
  if (status === 'completed') return 'completed';
  if (status === 'canceled') return 'cancelled';
  if (hasEnded(status)) return exchange.isModern ? 'completed' : 'failed';
  return questionsOf(exchange, standing).length > 0 ? 'input_required' : 'working';
}

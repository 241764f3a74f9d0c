/** A call of a tool: an execution is started, and followed to its end for as long as a caller waits. */
import type { CallToolRequest, InputRequiredResult, Result } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { MyelinError } from '../../core/errors.ts';
import { hasEnded } from '../../core/execution/index.ts';
import { isObject } from '../../core/json.ts';
import type { Start } from '../../engine/starter.ts';
import type { Workflow } from '../../ports/workflows.ts';
import { KEY_TTL_MS, startsOf } from '../execute.ts';
import { findExecution } from '../executions.ts';
import { type Exchange, followInRounds, followInStream, takeAnswers } from './exchange.ts';
import { failureOf, resultOf } from './result.ts';
import { look } from './standing.ts';
import { taskOf } from './tasks.ts';
import { findTool, LOOK_TOOL, waitMsOf } from './tools.ts';

/** In `_meta` of a call: the same key within 24 h starts nothing again. */
const KEY_META = 'myelin/idempotencyKey';
const LONGEST_KEY = 255;
/** How long the tool of the server itself waits. */
const LOOK_WAIT_MS = 30_000;

type Params = CallToolRequest['params'];

/** What a call is about: an execution that is to be followed. */
interface Subject {
  readonly executionId: string;
  readonly waitMs: number;
}

/**
 * The answer of a tool: of its execution at the end, or what it goes on with when `wait` is over. Mistakes and failures
 * are results too, for the model to read. Throws where there is no such tool.
 */
export async function callTool(exchange: Exchange, params: Params, round: Round): Promise<CallAnswer> {
  const { store } = exchange.deps;
  const isLook = params.name === LOOK_TOOL;
  const workflow = isLook ? undefined : await findTool(store.workflows, exchange.projectId, params.name);
  if (!isLook && workflow === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name}.`);
  }
  try {
    const subject = await subjectOf(exchange, workflow, params, round);
    return await answerOf(exchange, subject, params, round);
  } catch (error) {
    return failureOf(error);
  }
}

/** What a client of 2026-07-28 comes back with after it was asked. */
export interface Round {
  readonly state: string | undefined;
  readonly answers: object | undefined;
}

/** A task has no content, which the library wants of every answer. */
type Task = Result & { readonly content: [] };
export type CallAnswer = ReturnType<typeof resultOf> | InputRequiredResult | Task;

async function answerOf(exchange: Exchange, subject: Subject, params: Params, round: Round): Promise<CallAnswer> {
  const { executionId, waitMs } = subject;
  const { deps, projectId, isModern } = exchange;
  if (!isModern && params.task !== undefined) {
    return { task: taskOf(exchange, await look(deps, projectId, executionId)), content: [] };
  }
  if (!isModern) return resultOf(await followInStream(exchange, executionId, waitMs));
  const taken = await takeAnswers(exchange, executionId, round.answers);
  const followed = await followInRounds(exchange, executionId, waitMs, taken);
  if ('question' in followed) return followed.question;
  const { standing } = followed;
  if (hasEnded(standing.row.status) || !exchange.takesTasks) return resultOf(standing);
  return { resultType: 'task', ...taskOf(exchange, standing), content: [] };
}

async function subjectOf(
  exchange: Exchange,
  workflow: Workflow | undefined,
  params: Params,
  { state }: Round,
): Promise<Subject> {
  if (workflow === undefined) return { executionId: await named(exchange, params), waitMs: LOOK_WAIT_MS };
  const waitMs = waitMsOf(workflow);
  if (state !== undefined) return { executionId: await continued(exchange, workflow, state), waitMs };
  const [start] = startsOf(workflow, { input: params.arguments ?? {} }, keyOf(exchange, params)) as [Start];
  const { executionId } = await exchange.deps.engine.starter.start(start);
  return { executionId, waitMs };
}

/** Throws `invalid_request`, `execution_not_found`. */
async function named({ deps, projectId }: Exchange, params: Params): Promise<string> {
  const { executionId } = params.arguments ?? {};
  if (typeof executionId !== 'string') throw new MyelinError('invalid_request', 'executionId: takes a text');
  return (await findExecution(deps.store.executions, projectId, executionId)).id;
}

/** The execution that this call has started, in the round before. */
async function continued({ deps, projectId }: Exchange, workflow: Workflow, state: string): Promise<string> {
  const row = await findExecution(deps.store.executions, projectId, state);
  if (row.workflowId === workflow.id) return row.id;
  throw new MyelinError('execution_not_found', `${workflow.name} has no execution ${state}.`);
}

function keyOf({ deps }: Exchange, { _meta }: Params): { key: string; expiresAt: number } | undefined {
  const key = isObject(_meta) ? _meta[KEY_META] : undefined;
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key !== '' && key.length <= LONGEST_KEY) {
    return { key, expiresAt: deps.runtime.now() + KEY_TTL_MS };
  }
  throw new MyelinError('invalid_request', `_meta.${KEY_META}: takes a text of at most ${LONGEST_KEY} characters`);
}

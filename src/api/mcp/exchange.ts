/** One request of a client: whose it is, what the client can, and how people are asked through it. */
import type { InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { MyelinError } from '../../core/errors.ts';
import { hasEnded } from '../../core/execution/index.ts';
import { isObject } from '../../core/json.ts';
import type { Logger } from '../../ports/runtime.ts';
import type { WaitRow } from '../../ports/waits.ts';
import type { ApiDeps } from '../deps.ts';
import { answerApproval, approvalOf, asksOf, canElicit, elicitationOf } from './elicitation.ts';
import { isElicitingSession } from './session.ts';
import { follow, type Standing } from './standing.ts';

/** The extension by which 2026-07-28 has tasks: SEP-2663. */
export const TASKS = 'io.modelcontextprotocol/tasks';

export type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

export interface Exchange {
  readonly deps: Deps;
  readonly projectId: string;
  /** Name of the key, in which what the client's person decides is written down; undefined where nobody is asked. */
  readonly by: string | undefined;
  /** 2026-07-28: each request says what the client can, and questions are results. */
  readonly isModern: boolean;
  /** The client takes a task as the result of a call. */
  readonly takesTasks: boolean;
  /** The caller or the server goes away. */
  readonly over: AbortSignal;
  /** Of 2025-11-25: sends a request beside the answer that is awaited. */
  send(id: string, method: string, params: object): Promise<void>;
}

/** Longest that a client's person is waited for while a call is open. */
const PERSON_MS = 300_000;

/** What the client of this request declared. */
export function abilitiesOf(isModern: boolean, { mcpReq, http }: ServerContext) {
  if (!isModern) return { elicits: isElicitingSession(http?.req?.headers), takesTasks: false };
  const envelope: unknown = mcpReq.envelope;
  const declared = isObject(envelope) ? envelope[CLIENT_CAPABILITIES_META_KEY] : undefined;
  const extensions = isObject(declared) ? declared.extensions : undefined;
  return { elicits: canElicit(declared), takesTasks: isObject(extensions) && TASKS in extensions };
}

/** Approvals that the client's person may decide. */
export function questionsOf({ by }: Exchange, { approvals }: Standing): readonly WaitRow[] {
  return by === undefined ? [] : approvals.filter((row) => asksOf(row, by));
}

/** In the form of 2026-07-28; by the id of the approval, which comes back with the answer. */
export function requestsOf(questions: readonly WaitRow[], faults: ReadonlyMap<string, string> = new Map()) {
  return Object.fromEntries(
    questions.map((row) => [row.id, inputRequired.elicit(elicitationOf(row, faults.get(row.id)))]),
  );
}

export interface Taken {
  /** By the id of the approval, why its answer was not taken. */
  readonly faults: ReadonlyMap<string, string>;
  /** The person closed a dialog without an answer: who asks again now is a nuisance. */
  readonly dismissed: boolean;
}

/** Takes the answers of a client, by ids of approvals of this execution; what answers nothing of it is left out. */
export async function takeAnswers(exchange: Exchange, executionId: string, answers: object = {}): Promise<Taken> {
  const { deps, projectId, by } = exchange;
  const faults = new Map<string, string>();
  let dismissed = false;
  for (const [id, answer] of Object.entries(answers)) {
    const row = await approvalOf(deps, projectId, executionId, id).catch(noneThere);
    if (row === undefined || by === undefined) continue;
    const taken = await answerApproval(deps, row, answer, by);
    if (typeof taken === 'object') faults.set(id, taken.fault);
    dismissed ||= taken === 'dismissed';
  }
  return { faults, dismissed };
}

function noneThere(error: unknown): undefined {
  if (!(error instanceof MyelinError) || error.code !== 'approval_not_found') throw error;
}

export type Followed = { readonly standing: Standing } | { readonly question: InputRequiredResult };

/** Follows to the end, or to the first question, which is the result then: the client comes back with the answer. */
export async function followInRounds(
  exchange: Exchange,
  executionId: string,
  waitMs: number,
  { faults, dismissed }: Taken,
): Promise<Followed> {
  const { deps, projectId, over } = exchange;
  const isAsking = (standing: Standing) => !dismissed && questionsOf(exchange, standing).length > 0;
  const until = dismissed ? 0 : deps.runtime.now() + waitMs;
  const standing = await follow(deps, { projectId, executionId, until, over, stopsAt: isAsking });
  if (hasEnded(standing.row.status) || !isAsking(standing)) return { standing };
  // The state is no secret and gives no right: what it names is looked up in the project of the key.
  const inputRequests = requestsOf(questionsOf(exchange, standing), faults);
  return { question: inputRequired({ inputRequests, requestState: executionId }) };
}

/** Follows to the end, and asks by requests of our own on the way; their answers may come to any process. */
export async function followInStream(
  exchange: Exchange,
  executionId: string,
  waitMs: number,
  _meta?: object,
): Promise<Standing> {
  const { deps, projectId, over } = exchange;
  const { runtime } = deps;
  const asked = new Set<string>();
  const unasked = (standing: Standing) => questionsOf(exchange, standing).filter(({ id }) => !asked.has(id));
  for (let until = runtime.now() + waitMs; ; until = Math.max(until, runtime.now() + PERSON_MS)) {
    const stopsAt = (standing: Standing) => unasked(standing).length > 0;
    const standing = await follow(deps, { projectId, executionId, until, over, stopsAt });
    const questions = unasked(standing);
    if (hasEnded(standing.row.status) || questions.length === 0) return standing;
    for (const row of questions) {
      asked.add(row.id);
      const params = { ...elicitationOf(row), ...(_meta !== undefined && { _meta }) };
      await exchange.send(`approval:${row.id}:${runtime.id()}`, 'elicitation/create', params);
    }
  }
}

/** What a handler throws as the protocol says it; what is no error of ours is logged, and the caller sees none of it. */
export function protocolError(error: unknown, log: Logger): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (!(error instanceof MyelinError)) {
    log.error({ stack: error instanceof Error ? error.stack : String(error) }, 'an MCP request failed');
    return new ProtocolError(ProtocolErrorCode.InternalError, 'internal');
  }
  const { code, message, status } = error;
  const kind = status < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(kind, message, { code });
}

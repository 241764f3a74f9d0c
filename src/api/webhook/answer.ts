/** What the caller of a webhook gets to see. Written by hand: this is the hot path. */
import type { FastifyReply } from 'fastify';
import { PROBLEM_TYPE, type Problem, problemType } from '../../contract/problem.ts';
import { ERRORS } from '../../core/errors.ts';
import type { Outcome } from '../../core/execution/index.ts';
import type { Response } from '../../core/node-type.ts';

/** User content runs no script here, even where it is HTML (rule R8). */
const SANDBOX = "sandbox; default-src 'none'";

/** Set by the server, or not for a workflow to say: framing, hop by hop, cookies and the policy of this origin. */
const KEPT_BACK = new Set([
  'connection',
  'content-length',
  'content-security-policy',
  'content-security-policy-report-only',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'set-cookie',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-content-type-options',
]);

/** Visible ASCII and Latin-1, as HTTP takes it. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export function sendAccepted(reply: FastifyReply, executionId: string): FastifyReply {
  return reply
    .code(202)
    .header('content-type', 'application/json')
    .header('location', `/api/executions/${executionId}`)
    .send(`{"executionId":"${executionId}"}`);
}

/** The content type is JSON unless the node says otherwise; a text of another type goes out as it is. */
export function sendResponse(reply: FastifyReply, executionId: string, response: Response): FastifyReply {
  const { status, headers, body } = response;
  reply.code(status).header('content-security-policy', SANDBOX).header('x-execution-id', executionId);
  for (const [name, value] of Object.entries(headers)) {
    if (!KEPT_BACK.has(name.toLowerCase()) && HEADER_VALUE.test(value)) reply.header(name, value);
  }
  if (status === 204 || status === 205 || status === 304) return reply.send();
  const type = String(reply.getHeader('content-type') ?? '');
  if (type === '') reply.header('content-type', 'application/json');
  const isText = typeof body === 'string' && type !== '' && !/\bjson\b/i.test(type);
  return reply.send(isText ? body : (JSON.stringify(body) ?? 'null'));
}

/** The output as JSON, or a problem that names the execution and the code, and nothing of what went on inside. */
export function sendOutcome(reply: FastifyReply, executionId: string, outcome: Outcome): FastifyReply {
  if (outcome.status === 'completed') {
    return sendResponse(reply, executionId, { status: 200, headers: {}, body: outcome.output ?? null });
  }
  const code = outcome.error?.code ?? 'interrupted';
  const problem: Problem = {
    type: problemType(code),
    title: Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS].meaning : 'The workflow failed.',
    status: 500,
    detail: `The execution ${outcome.status === 'canceled' ? 'was canceled' : 'failed'}; its owner finds it by its id.`,
    code,
    executionId,
  };
  return reply.code(500).header('x-execution-id', executionId).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

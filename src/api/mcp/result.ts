/** What a client gets to see of an execution: the output or failure of a tool, or what it goes on with. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { MyelinError } from '../../core/errors.ts';
import { hasEnded } from '../../core/execution/index.ts';
import { detailsOf } from '../people/approval-view.ts';
import type { Standing } from './standing.ts';
import { LOOK_TOOL } from './tools.ts';

/** In `_meta` of every result: the execution behind it. */
const EXECUTION_META = 'myelin/executionId';

export function resultOf(standing: Standing): CallToolResult {
  const { row, output } = standing;
  const _meta = { [EXECUTION_META]: row.id };
  if (row.status === 'completed') {
    const text = typeof output === 'string' ? output : JSON.stringify(output);
    return { content: [{ type: 'text', text }], structuredContent: asObject(output), _meta };
  }
  if (!hasEnded(row.status)) return { ...goesOn(standing), _meta };
  if (row.status === 'canceled') return failure('canceled', `The execution ${row.id} was canceled.`, { _meta });
  const { code, message } = row.error ?? { code: row.status, message: `The execution ${row.id} failed.` };
  return failure(code, message, { _meta });
}

/** What a caller did wrong, or what went wrong: the model that reads it may do better. */
function failure(code: string, message: string, rest: Partial<CallToolResult> = {}): CallToolResult {
  const structuredContent = { error: { code, message } };
  return { isError: true, content: [{ type: 'text', text: `${code}: ${message}` }], structuredContent, ...rest };
}

/** Throws on what is no error of ours. */
export function failureOf(error: unknown): CallToolResult {
  if (!(error instanceof MyelinError)) throw error;
  return failure(error.code, error.message);
}

/** Clients of 2025-11-25 take objects only, and the rest is better off with one form. */
function asObject(output: unknown): { [key: string]: unknown } {
  return typeof output === 'object' && output !== null && !Array.isArray(output) ? { ...output } : { result: output };
}

function goesOn(standing: Standing): CallToolResult {
  const { id: executionId, status } = standing.row;
  const text = `The execution ${executionId} goes on. ${waitsFor(standing)} Call ${LOOK_TOOL} with its id for the result.`;
  const approvals = standing.approvals.map((row) => {
    const { title, assignees } = detailsOf(row);
    return { id: row.id, title, assignees: assignees === null ? null : [...assignees] };
  });
  const structuredContent = { executionId, status, ...(approvals.length > 0 && { approvals }) };
  return { content: [{ type: 'text', text }], structuredContent };
}

/** Without links: whoever has one can decide, and this is read by a model. */
export function waitsFor({ approvals, row }: Standing): string {
  if (approvals.length === 0) return row.status === 'waiting' ? 'It waits.' : 'It is at work.';
  return approvals
    .map((one) => {
      const { title, assignees } = detailsOf(one);
      const whom = assignees === null ? 'somebody' : assignees.join(' or ');
      return `It waits until ${whom} decides the approval ${one.id} (${title}) in the inbox: myelin approve ${one.id}.`;
    })
    .join(' ');
}

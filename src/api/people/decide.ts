/** A decision of a person: may they, does what they filled in fit, and were they the first. */
import type { Decision } from '../../contract/approvals.ts';
import { type Fault, MyelinError } from '../../core/errors.ts';
import { maskDecision } from '../../core/execution/masked.ts';
import { fitFaults } from '../../core/json-schema/fit.ts';
import { isUuid } from '../../core/uuid.ts';
import { maskOf } from '../../engine/mask-of.ts';
import type { WaitRow } from '../../ports/waits.ts';
import type { ApiDeps } from '../deps.ts';
import { decisionOf, detailsOf } from './approval-view.ts';

type Deps = Pick<ApiDeps, 'store' | 'engine' | 'runtime'>;

/** A decision as it is stored; the time is that of the row. */
export type Given = Omit<Decision, 'decision' | 'at'> & { readonly decision: 'approved' | 'rejected' };

/** Throws `approval_not_found`. */
export async function findApproval({ store }: Pick<Deps, 'store'>, projectId: string, id: string): Promise<WaitRow> {
  const row = isUuid(id) ? await store.waits.get(projectId, id) : undefined;
  if (row?.kind !== 'approval') throw new MyelinError('approval_not_found', `There is no approval ${id}.`);
  return row;
}

/** Throws `invalid_request`, `already_decided`, `illegal_transition`; resolves with the row as it is then. */
export async function decide(deps: Deps, row: WaitRow, given: Given): Promise<WaitRow> {
  refuseClosed(row);
  checkData(row, given);
  await send(deps, row, given, true);
  return await findApproval(deps, row.projectId, row.id);
}

/** Posts an answer; throws what `refuseClosed` does where it came too late. */
export async function send(deps: Deps, row: WaitRow, answer: object, final: boolean): Promise<void> {
  const { store, engine, runtime } = deps;
  const { projectId, id: waitId } = row;
  const mask = await maskOf(store.executions, engine.plans, row);
  const kept = mask === null ? answer : maskDecision(mask, answer);
  const [result] = await store.waits.answer([{ projectId, waitId, answer: kept, final }], runtime.now());
  if (result === 'taken') {
    engine.changes.touch(projectId, ['approvals']);
    return engine.wake();
  }
  refuseClosed(await findApproval(deps, projectId, waitId));
  throw new MyelinError('illegal_transition', `The execution ${row.executionId} has ended; nobody waits any more.`);
}

/** Throws `already_decided` with the first decision, or `illegal_transition` where the execution waits no more. */
export function refuseClosed(row: WaitRow): void {
  if (row.closedAt === null) return;
  const decision = decisionOf(row);
  if (decision === null) {
    throw new MyelinError('illegal_transition', `The execution ${row.executionId} does not wait for this any more.`);
  }
  const what = decision.decision === 'expired' ? 'It expired' : `It was ${decision.decision} by ${decision.by}`;
  throw new MyelinError('already_decided', `${what} at ${decision.at}.`, { decision });
}

/** Anybody where nobody is named; else one of those who are, who answers in their name, or the owner. */
export function checkAsked(row: WaitRow, { by, as }: { readonly by: string; readonly as?: string | undefined }): void {
  const { assignees } = detailsOf(row);
  if (assignees === null || as === 'owner') return;
  if (assignees.includes(as ?? by)) return;
  throw new MyelinError('not_asked', `This approval asks ${assignees.join(', ')}, not ${as ?? by}.`);
}

/** Of an approval that has a form: what was given, or else what was shown, must fit it. */
function checkData(row: WaitRow, { decision, data }: Given): void {
  const { form, data: shown } = detailsOf(row);
  if (form === null || form === undefined || (decision === 'rejected' && data === undefined)) return;
  const errors = fitFaults(form, data === undefined ? shown : data).map((fault): Fault => {
    const { path } = fault;
    return { ...fault, path: path === '' ? 'data' : path.startsWith('[') ? `data${path}` : `data.${path}` };
  });
  const [first] = errors;
  if (first !== undefined) throw new MyelinError('invalid_request', `${first.path}: ${first.message}`, { errors });
}

/** What a task may cost, and whose money it is: reserved by the commit that starts it, settled by the one that has its end. */
import type { ErrorInfo } from '../errors.ts';
import { isFree } from '../free-call.ts';
import { isObject } from '../json.ts';
import { directorOf, isTask, type Paid, type TaskNode } from '../node-type.ts';
import { NodeEnv } from './node-env.ts';
import type { InheritedAccount, Reservation, Settlement } from './reservation.ts';
import { keepResolved, resolveConfig } from './resolve-config.ts';
import type { ExecutionState, NodeRef } from './state.ts';
import { nodeState, pathOf } from './state.ts';

/** Undefined where it costs nothing. Throws what the expressions of its config throw. */
export function reservationOf(state: ExecutionState, ref: NodeRef, now: number): Reservation | undefined {
  const { type } = ref.node;
  if (!isTask(type) || type.charge === undefined) return undefined;
  const env = new NodeEnv(state, ref, now);
  const config = resolveConfig(ref.node, env);
  const charge = type.charge(config);
  keepResolved(ref, { now, env, config });
  const { grants: claimed, ...reserved } = charge;
  const grants = isGranted(ref) ? claimed : [];
  const accounts = accountsOf(state, ref).map((account) => {
    const given = grants.filter((grant) => grant.account === account.name);
    return given.length === 0 ? account : { ...account, grants: given.map(({ id, amount }) => ({ id, amount })) };
  });
  const raises = grants.filter((grant) => accounts.every(({ name }) => name !== grant.account));
  return { ...reserved, accounts, ...(raises.length > 0 && { raises }) };
}

/** Only what chooses its turns has asked a person. */
function isGranted({ scope: { container }, node }: NodeRef): boolean {
  return container !== null && directorOf(container.node.type)?.grants === node.id;
}

/** The budgets that what is paid at a node counts against: those above the execution, its own, those of agents around. */
export function accountsOf(state: ExecutionState, ref: NodeRef): readonly InheritedAccount[] {
  const { plan, id } = state;
  const inside: InheritedAccount[] = [];
  for (let at = ref.scope.container; at !== null; at = at.scope.container) {
    const limit = nodeState(at).run?.iteration.costLimit;
    if (limit !== undefined) inside.unshift({ name: accountName(id, pathOf(at)), limit });
  }
  if (plan.costLimit !== null) inside.unshift({ name: `execution:${id}`, limit: plan.costLimit });
  return inside.length === 0 ? state.accounts : [...state.accounts, ...inside];
}

const accountName = (executionId: string, path: string): string => `agent:${executionId}/${path}`;

/** An error that names what was paid was paid for. */
export function settlementOf(
  type: TaskNode,
  end: { readonly output: unknown } | { readonly error: ErrorInfo },
): Settlement {
  if ('output' in end) return { outcome: 'paid', ...type.paid!(end.output) };
  const error = attemptError(end.error);
  const { data } = error;
  if (isObject(data) && isObject(data.paid)) return { outcome: 'paid', ...(data.paid as unknown as Paid) };
  return { outcome: isFree(error) ? 'free' : 'unknown' };
}

/** What the attempt itself failed with, where the error says that there is no time for another. */
function attemptError(error: ErrorInfo): ErrorInfo {
  const { data } = error;
  return isObject(data) && isObject(data.last) ? (data.last as unknown as ErrorInfo) : error;
}

/** A paid attempt of the node, where one is under way, has ended. */
export function settle(state: ExecutionState, ref: NodeRef, settlement: (type: TaskNode) => Settlement): void {
  const node = nodeState(ref);
  if (!node.charged) return;
  node.charged = false;
  const budgeted = accountsOf(state, ref).length > 0 && ({ budgeted: true } as const);
  const settled = settlement(ref.node.type as TaskNode);
  // One that asked what became of another, and was refused, says nothing of what that other did cost.
  const end: Settlement = node.doubtful && settled.outcome === 'free' ? { outcome: 'unknown' } : settled;
  state.due.push({ kind: 'settle', path: pathOf(ref), ...budgeted, ...end });
}

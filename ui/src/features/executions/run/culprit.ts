/** Which node made an execution fail: the innermost one, since the containers around it only say so again. */
import type { ExecutionNode } from '../../../../../src/contract/executions.ts';
import { containerOf } from './address.ts';

type Seen = Pick<ExecutionNode, 'path' | 'status' | 'port' | 'progress' | 'error'>;

/** `around`: the container that it lies in, where it is not among the nodes, of which a page knows the first thousands only. */
interface Culprit<T> {
  readonly node: T | undefined;
  readonly around: string | undefined;
}

/** `code`: of the error of the execution. */
export function culpritAmong<T extends Seen>(nodes: readonly T[], code: string): Culprit<T> {
  const failed = nodes.filter(({ status, port }) => status === 'failed' && port === null);
  const paths = new Set(failed.map(({ path }) => path));
  // Where a container goes on in spite of it, a failure inside is no reason.
  const grave = failed.filter(({ path }) => isGrave(path, paths));
  const inner = grave.filter(({ progress }) => progress === undefined);
  const node = inner.find(({ error }) => error?.code === code) ?? inner[0];
  return { node, around: node === undefined ? grave.at(-1)?.path : undefined };
}

function isGrave(path: string, failed: ReadonlySet<string>): boolean {
  const container = containerOf(path);
  return container === null || (failed.has(container) && isGrave(container, failed));
}

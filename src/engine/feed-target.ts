/** Where a feed of events goes: what the publish node of the connection's type takes, without what is of each message. */
import { publishFields } from '../core/brokers/publish.ts';
import type { Fields } from '../core/connections/parts.ts';
import { issueFaults } from '../core/definition/issue-faults.ts';
import { type Fault, MyelinError, toErrorInfo } from '../core/errors.ts';
import { isTask, type NodeType, type NodeTypes, type TaskNode } from '../core/node-type.ts';

export interface FeedPlace {
  readonly connection: { readonly name: string; readonly type: string };
  /** Fields of the node's config, such as `topic`. */
  readonly target: Fields;
}

/** Fields of a publish node that the feed fills in itself. */
const OURS = ['connection', ...Object.keys(publishFields)];

/** In the terms of the broker. Throws `invalid_request` with all faults. */
export function feedTarget(nodeTypes: NodeTypes, { connection, target }: FeedPlace): Fields {
  const node = publisher(nodeTypes, connection.type);
  if (node === undefined) {
    const message = `${connection.name} is of type ${connection.type}; messages go by ${ableOf(nodeTypes).join(', ')}`;
    throw refused([{ path: 'connection', message }]);
  }
  const faults = Object.entries(target).flatMap(([field, value]): Fault[] => {
    const path = `target.${field}`;
    if (OURS.includes(field)) return [{ path, message: 'unknown field; remove or rename it' }];
    const hasTemplate = JSON.stringify([value]).includes('{{');
    return hasTemplate ? [{ path, message: 'takes no expression: there is no input' }] : [];
  });
  const checked = node.config.safeParse({ ...target, connection: connection.name });
  if (!checked.success) faults.push(...checked.error.issues.flatMap((issue) => issueFaults(issue, 'target')));
  if (faults.length > 0) throw refused(faults);
  if (node.effect(checked.data) !== 'idempotent') {
    const path = `target.${Object.keys(target)[0]}`;
    throw refused([{ path, message: 'keeps nothing for who does not listen now, and events would be lost' }]);
  }
  try {
    return node.target(checked.data);
  } catch (error) {
    throw refused([{ path: 'target', message: toErrorInfo(error).message }]);
  }
}

type Publisher = TaskNode & Required<Pick<TaskNode, 'target'>>;

const SUFFIX = '.publish';

const isPublisher = (node: NodeType | undefined): node is Publisher =>
  node !== undefined && isTask(node) && node.target !== undefined;

function publisher(nodeTypes: NodeTypes, type: string): Publisher | undefined {
  const node = nodeTypes.get(`${type}${SUFFIX}`);
  return isPublisher(node) ? node : undefined;
}

/** Types of connections. */
const ableOf = (nodeTypes: NodeTypes): string[] =>
  [...nodeTypes.values()].filter(isPublisher).map(({ type }) => type.slice(0, -SUFFIX.length));

function refused(errors: readonly Fault[]): MyelinError {
  const [first] = errors;
  return new MyelinError('invalid_request', `${first?.path}: ${first?.message}`, { errors });
}

/** Where a feed of events goes: what the publish node of the connection's type takes, without what is of each message. */
import { publishFields } from '../brokers/publish.ts';
import type { Fields } from '../connections/parts.ts';
import { issueFaults } from '../definition/issue-faults.ts';
import { type Fault, MyelinError } from '../errors.ts';
import { isTask, type NodeTypes, type TaskNode } from '../node-type.ts';

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
    const able = [...nodeTypes.keys()]
      .filter((type) => type.endsWith(SUFFIX))
      .map((type) => type.slice(0, -SUFFIX.length));
    throw refused([
      {
        path: 'connection',
        message: `${connection.name} is of type ${connection.type}; messages go by ${able.join(', ')}`,
      },
    ]);
  }
  const faults = Object.entries(target).flatMap(([field, value]): Fault[] => {
    const path = `target.${field}`;
    if (OURS.includes(field)) return [{ path, message: 'unknown field; remove or rename it' }];
    return JSON.stringify(value)?.includes('{{') ? [{ path, message: 'takes no expression: there is no input' }] : [];
  });
  const checked = node.config.safeParse({ ...target, connection: connection.name });
  if (!checked.success) faults.push(...checked.error.issues.flatMap((issue) => issueFaults(issue, 'target')));
  if (faults.length > 0 || !checked.success) throw refused(faults);
  if (node.effect(checked.data) !== 'idempotent') {
    const [path = 'target'] = Object.keys(target).map((field) => `target.${field}`);
    throw refused([{ path, message: 'keeps nothing for who does not listen now, and events would be lost' }]);
  }
  try {
    return node.target?.(checked.data) ?? {};
  } catch (error) {
    if (!(error instanceof MyelinError)) throw error;
    throw refused([{ path: 'target', message: error.message }]);
  }
}

const SUFFIX = '.publish';

function publisher(nodeTypes: NodeTypes, type: string): TaskNode | undefined {
  const node = nodeTypes.get(`${type}${SUFFIX}`);
  return node !== undefined && isTask(node) && node.target !== undefined ? node : undefined;
}

function refused(errors: readonly Fault[]): MyelinError {
  return new MyelinError('invalid_request', `${errors[0]?.path}: ${errors[0]?.message}`, { errors });
}

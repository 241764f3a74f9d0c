import type { NodeTypes } from '../../core/node-type.ts';
import { ABSENT, createNodeTypes } from '../../nodes/registry.ts';
import { actNode, type Ledger } from './act.ts';
import type { Life } from './world.ts';

/** All node types, and `act`; those that act on the real world are not used. */
export function simNodeTypes(ledger: Ledger, life: Life): NodeTypes {
  return new Map([...createNodeTypes(ABSENT), ['act', actNode(ledger, life)]]);
}

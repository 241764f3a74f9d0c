/** All node types. A new one: its file, and a line here. */
import type { NodeType, NodeTypes } from '../core/node-type.ts';
import type { Egress } from '../ports/egress.ts';
import type { Models } from '../ports/model.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { Tools } from '../ports/tools.ts';
import { agentNode } from './agent.ts';
import { approval } from './approval.ts';
import { codeNode } from './code.ts';
import { delay } from './delay.ts';
import { emit } from './emit.ts';
import { fail } from './fail.ts';
import { httpNode } from './http.ts';
import { ifNode } from './if.ts';
import { join } from './join.ts';
import { loop } from './loop.ts';
import { map } from './map.ts';
import { parallel } from './parallel.ts';
import { respond } from './respond.ts';
import { saga } from './saga.ts';
import { switchNode } from './switch.ts';
import { toolNode } from './tool.ts';
import { transform } from './transform.ts';
import { wait } from './wait.ts';
import { workflow } from './workflow.ts';

/** What node types need from outside; each takes its own. */
export interface NodeNeeds {
  readonly egress: Egress;
  readonly sandbox: Sandbox;
  readonly models: Models;
  readonly tools: Tools;
}

export function createNodeTypes({ egress, sandbox, models, tools }: NodeNeeds): NodeTypes {
  const types: readonly NodeType[] = [
    transform,
    ifNode,
    switchNode,
    join,
    delay,
    loop,
    map,
    parallel,
    saga,
    approval,
    wait,
    workflow,
    respond,
    emit,
    fail,
    toolNode(tools),
    httpNode(egress),
    codeNode(sandbox),
    agentNode(models),
  ];
  return new Map(types.map((type) => [type.type, type]));
}

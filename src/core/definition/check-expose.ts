/** What stands under `expose` must fit the rest: the arguments of a tool are the input of the manual trigger. */
import type { Fault } from '../errors.ts';
import { isObject } from '../json.ts';
import type { Definition } from './schema.ts';

export function checkExpose({ expose, triggers = [] }: Definition, faults: Fault[]): void {
  if (expose?.mcp === undefined) return;
  const index = triggers.findIndex(({ type }) => type === 'manual');
  const input = triggers[index]?.input;
  const type = isObject(input) ? input.type : undefined;
  if (type === undefined || type === 'object') return;
  const message = 'must be object: the workflow is a tool (expose.mcp), and arguments of tools are objects';
  faults.push({ path: `triggers[${index}].input.type`, message });
}

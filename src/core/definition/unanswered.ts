/** Nodes that answer a caller who does not wait: no fault, since they pass their input on, but hardly what was meant. */
import type { Fault } from '../errors.ts';
import { isObject } from '../json.ts';
import type { Definition } from './schema.ts';

export function unanswered(definition: Definition): Fault[] {
  const hooks = (definition.triggers ?? []).flatMap((trigger, index) =>
    trigger.type === 'webhook' ? [{ id: trigger.id, respond: trigger.respond, index }] : [],
  );
  if (hooks.some(({ respond }) => respond === 'result')) return [];
  const [hook] = hooks;
  const mend =
    hook === undefined
      ? 'the workflow has no webhook; add one with respond: result, or remove this node'
      : `the webhook ${hook.id} answers before it runs; set respond: result at triggers[${hook.index}]`;
  return respondsIn(definition, '').map((path) => ({ path, message: `answers nobody: ${mend}` }));
}

/** Places of the `respond` nodes, those in bodies included. */
function respondsIn(value: unknown, place: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => respondsIn(one, `${place}[${index}]`));
  if (!isObject(value)) return [];
  const own = value.type === 'respond' && typeof value.id === 'string' && /nodes\[\d+\]$/.test(place) ? [place] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, one]) => respondsIn(one, place === '' ? key : `${place}.${key}`)),
  ];
}

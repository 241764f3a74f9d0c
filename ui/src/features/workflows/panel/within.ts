import type { Fault } from './panel-frame.tsx';

/** The faults below `config.`, by the path in it. */
export function within(faults: readonly Fault[], part: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, message } of faults) {
    if (path !== part && !path.startsWith(`${part}.`) && !path.startsWith(`${part}[`)) continue;
    const rest = path.slice(part.length).replace(/^\./, '');
    if (!found.has(rest)) found.set(rest, message);
  }
  return found;
}

/** Reads the CPU profile that a server left: which functions had the time, themselves and with all that they called. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NOT_WORK = new Set(['(idle)', '(program)', '(root)']);
const SHOWN = 30;

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Lines of text; shares are of the time in which the main thread worked. */
export function describeProfile(folder: string): string {
  const file = largest(folder);
  if (file === undefined) return `There is no profile in ${folder}.`;
  const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(file, 'utf8'));
  const chains = chainsOf(nodes);
  const own = new Map<string, number>();
  const whole = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const chain = chains.get(id)!;
    if (NOT_WORK.has(chain[0]!)) continue;
    const time = timeDeltas[index]!;
    busy += time;
    add(own, chain[0]!, time);
    for (const name of new Set(chain)) if (name.includes('src/') && !name.includes('/src/')) add(whole, name, time);
  }
  return [file, '  by itself', ...top(own, busy), '  with all that it calls', ...top(whole, busy), ''].join('\n');
}

/** That of the main thread: threads write profiles of their own. */
function largest(folder: string): string | undefined {
  const files = readdirSync(folder).map((name) => join(folder, name));
  return files.filter((name) => name.endsWith('.cpuprofile')).sort((a, b) => statSync(b).size - statSync(a).size)[0];
}

/** For each node of the tree of calls the names from it up to the root. */
function chainsOf(nodes: readonly Node[]): ReadonlyMap<number, readonly string[]> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const chains = new Map<number, readonly string[]>();
  const visit = (node: Node, above: readonly string[]): void => {
    const chain = [nameOf(node), ...above];
    chains.set(node.id, chain);
    for (const child of node.children ?? []) visit(byId.get(child)!, chain);
  };
  visit(nodes[0]!, []);
  return chains;
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  const place = url.replace('file://', '').replace(ROOT, '').replace('node_modules/', '');
  return place === '' ? functionName : `${functionName || '(anonymous)'}  ${place}:${lineNumber + 1}`;
}

const add = (map: Map<string, number>, key: string, value: number) => map.set(key, (map.get(key) ?? 0) + value);

const top = (shares: ReadonlyMap<string, number>, all: number): string[] =>
  [...shares]
    .sort((a, b) => b[1] - a[1])
    .slice(0, SHOWN)
    .map(([name, time]) => `${((time / all) * 100).toFixed(1).padStart(6)} %  ${name}`);

/** What the paid calls of an execution used, by node; a container has the sum of what is inside of it. */
import type { ExecutionEvent } from '../core/execution/index.ts';
import type { Paid } from '../core/node-type.ts';

export interface UsageView {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In nanos of one unit of the currency. */
  readonly cost: number;
  readonly currency: string;
}

export class NodeUsage {
  /** Currency by path of a paid node under way. */
  readonly #open = new Map<string, string>();
  readonly #used = new Map<string, UsageView>();

  add(event: ExecutionEvent): void {
    if (event.type === 'node.started' && event.data.charge !== undefined) {
      this.#open.set(event.data.path, event.data.charge.currency);
    }
    if (event.type !== 'node.completed') return;
    const { path, output } = event.data;
    const currency = this.#open.get(path);
    if (currency === undefined) return;
    this.#open.delete(path);
    const { usage, cost } = output as Paid;
    for (const at of around(path)) {
      const before = this.#used.get(at);
      this.#used.set(at, {
        calls: (before?.calls ?? 0) + 1,
        inputTokens: (before?.inputTokens ?? 0) + usage.inputTokens,
        outputTokens: (before?.outputTokens ?? 0) + usage.outputTokens,
        cost: (before?.cost ?? 0) + cost,
        currency,
      });
    }
  }

  of(path: string): UsageView | undefined {
    return this.#used.get(path);
  }
}

/** The node and the containers that it is in: `a[0]/b[1]/c`, `a[0]/b`, `a`. */
function* around(path: string): Generator<string> {
  yield path;
  for (let at = path.lastIndexOf('/'); at !== -1; at = path.lastIndexOf('/', at - 1)) {
    yield path.slice(0, path.lastIndexOf('[', at));
  }
}

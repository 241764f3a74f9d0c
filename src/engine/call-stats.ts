/** Calls of models that were settled, as `/metrics` counts them since the start of the process. */
import type { Demand } from '../core/execution/index.ts';
import { NANOS } from '../core/money.ts';

/** Models are named by settings and workflows; what is more than these is counted as `other`. */
const MOST_MODELS = 200;
const OTHER = 'other';

interface ModelCount {
  /** By how they ended. */
  readonly calls: Map<'paid' | 'free' | 'unknown', number>;
  inputTokens: number;
  outputTokens: number;
  /** In units, by currency. What nobody saw the end of counts as its estimate, as in the books. */
  readonly cost: Map<string, number>;
}

interface Open {
  readonly model: string;
  readonly currency: string;
  readonly estimate: number;
}

export class CallStats {
  readonly models = new Map<string, ModelCount>();
  /** Calls on their way, by execution and path: their ends do not always say whose they are. */
  readonly #open = new Map<string, Map<string, Open>>();

  /** `demands` of an execution, just committed. */
  count(executionId: string, demands: readonly Demand[]): void {
    // One commit may settle a call and dispatch the next of the same path.
    for (const demand of demands) if (demand.kind === 'settle') this.#settle(executionId, demand);
    for (const demand of demands) {
      if (demand.kind !== 'charge') continue;
      const { model, currency, estimate } = demand.charge;
      const open = this.#open.get(executionId) ?? new Map<string, Open>();
      this.#open.set(executionId, open.set(demand.path, { model, currency, estimate }));
    }
  }

  /** The execution is not of this process any more. */
  forget(executionId: string): void {
    this.#open.delete(executionId);
  }

  #settle(executionId: string, settled: Extract<Demand, { kind: 'settle' }>): void {
    const open = this.#open.get(executionId)?.get(settled.path);
    this.#open.get(executionId)?.delete(settled.path);
    const isPaid = settled.outcome === 'paid';
    const count = this.#of((isPaid ? settled.model : undefined) ?? open?.model ?? OTHER);
    add(count.calls, settled.outcome, 1);
    if (isPaid) {
      count.inputTokens += settled.usage.inputTokens;
      count.outputTokens += settled.usage.outputTokens;
    }
    const cost = isPaid ? settled.cost : settled.outcome === 'unknown' ? (open?.estimate ?? 0) : 0;
    if (cost > 0) add(count.cost, open?.currency ?? 'USD', cost / NANOS);
  }

  #of(model: string): ModelCount {
    const name = this.models.has(model) || this.models.size < MOST_MODELS - 1 ? model : OTHER;
    const count = this.models.get(name) ?? { calls: new Map(), inputTokens: 0, outputTokens: 0, cost: new Map() };
    this.models.set(name, count);
    return count;
  }
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

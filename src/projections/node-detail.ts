/** One node of an execution with all that happened to it: each attempt, and what it waited for. */
import type { ErrorInfo } from '../core/errors.ts';
import type { ExecutionEvent } from '../core/execution/index.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { ExecutionRow } from '../ports/store.ts';
import { iso, isoOr, type NodeView } from './execution-shape.ts';
import { ExecutionFold, type ViewOptions } from './execution-view.ts';
import { type WaitFacts, waitOf, withoutData } from './node-facts.ts';

/** Times are ISO strings. */
interface AttemptView {
  readonly attempt: number;
  /** When its turn came; null where that is not known. The time until it started it was queued. */
  readonly scheduledAt: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly error: ErrorInfo | null;
  /** When the next was to begin. */
  readonly retryAt: string | null;
}

interface PastWaitView extends Omit<WaitFacts, 'until'> {
  readonly until?: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface NodeDetail extends NodeView {
  readonly attempts: AttemptView[];
  readonly waits: PastWaitView[];
}

type Attempt = { -readonly [K in keyof AttemptView]: AttemptView[K] };
type PastWait = WaitFacts & { readonly startedAt: number; finishedAt: number | null };

export class NodeFold {
  readonly #fold: ExecutionFold;
  readonly #path: string;
  readonly #omitsValues: boolean;
  readonly #attempts: Attempt[] = [];
  readonly #waits: PastWait[] = [];
  /** When its turn came, until it starts. */
  #scheduledAt: number | null = null;

  constructor(row: ExecutionRow, plan: Plan | undefined, path: string, options: ViewOptions = {}) {
    const own = path.slice(0, path.lastIndexOf('/') + 1);
    this.#fold = new ExecutionFold(row, plan, { ...options, input: true, keeps: (prefix) => prefix === own });
    this.#path = path;
    this.#omitsValues = options.omitsValues === true;
  }

  /** Events in order, from the first. */
  add(event: ExecutionEvent): void {
    this.#fold.add(event);
    if ('path' in event.data && event.data.path === this.#path) this.#learn(event);
    if (this.#fold.stateOf(this.#path) === 'ready') this.#scheduledAt ??= event.at;
  }

  /** Undefined where the execution has no such node, or not yet. */
  view(): NodeDetail | undefined {
    const node = this.#fold.node(this.#path);
    if (node === undefined) return undefined;
    const waits = this.#waits.map(({ until, startedAt, finishedAt, ...rest }) => ({
      ...rest,
      ...(this.#omitsValues && rest.details !== undefined && { details: withoutData(rest.details) }),
      ...(until !== undefined && { until: iso(until) }),
      startedAt: iso(startedAt),
      finishedAt: isoOr(finishedAt),
    }));
    return { ...node, attempts: [...this.#attempts], waits };
  }

  #learn({ type, at, data }: ExecutionEvent): void {
    const wait = this.#waits.at(-1);
    if (wait !== undefined) wait.finishedAt ??= at;
    switch (type) {
      case 'node.started': {
        const scheduledAt = isoOr(this.#scheduledAt);
        const open = { finishedAt: null, error: null, retryAt: null };
        this.#attempts.push({ attempt: data.attempt, scheduledAt, startedAt: iso(at), ...open });
        this.#scheduledAt = null;
        return;
      }
      case 'node.waiting':
        return this.#wait({ ...waitOf(data.for), startedAt: at, finishedAt: null });
      case 'node.retrying':
        return this.#end(at, data.error, iso(data.until));
      case 'node.failed':
        return this.#end(at, data.error, null);
      case 'node.completed':
      case 'node.skipped':
        return this.#end(at, null, null);
      default:
        return;
    }
  }

  /** A question that is asked again, of others or after a reminder, is the same wait. */
  #wait(wait: PastWait): void {
    const last = this.#waits.at(-1);
    const isSame = wait.waitId !== undefined && last?.waitId === wait.waitId;
    if (isSame) this.#waits.splice(-1, 1, { ...wait, startedAt: last.startedAt });
    else this.#waits.push(wait);
  }

  #end(at: number, error: ErrorInfo | null, retryAt: string | null): void {
    const attempt = this.#attempts.at(-1);
    if (attempt?.finishedAt === null) Object.assign(attempt, { finishedAt: iso(at), error, retryAt });
  }
}

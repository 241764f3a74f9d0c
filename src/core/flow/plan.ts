/** Flow control of one version, compiled. A workflow without it has none of this, and its starts cost nothing. */
import { parseDuration } from '../duration.ts';
import { compileTemplate, type Template } from '../expression/index.ts';
import type { FlowSettings } from './settings.ts';

export interface FlowPlan {
  readonly workflowId: string;
  readonly gather: GatherPlan | null;
  /** Without limit: one at a time. */
  readonly session: Template | null;
  readonly concurrency: { readonly limit: number; readonly key: Template } | null;
  readonly rate: { readonly limit: number; readonly perMs: number; readonly key: Template } | null;
}

type GatherPlan = { readonly key: Template } & Gather;

/** How starts become fewer before they wait for anything else. Times in milliseconds. */
export type Gather =
  | { readonly kind: 'debounce'; readonly waitMs: number; readonly maxMs: number | null }
  | { readonly kind: 'batch'; readonly waitMs: number; readonly size: number };

export function compileFlow(settings: FlowSettings, workflowId: string): FlowPlan | null {
  const { concurrency, rateLimit, session } = settings;
  const gather = gatherOf(settings);
  if (!(gather ?? concurrency ?? rateLimit ?? session)) return null;
  return {
    workflowId,
    gather,
    session: session === undefined ? null : compileTemplate(session),
    concurrency: concurrency ? { limit: concurrency.limit, key: keyOf(concurrency) } : null,
    rate: rateLimit ? { limit: rateLimit.limit, perMs: parseDuration(rateLimit.per), key: keyOf(rateLimit) } : null,
  };
}

/** As if this were the `session` of the settings: of starts that a trigger keeps in order by its own key. */
export function withSession(flow: FlowPlan | null, workflowId: string, session: Template): FlowPlan {
  return { ...(flow ?? { workflowId, gather: null, concurrency: null, rate: null }), session };
}

function gatherOf({ debounce, batch }: FlowSettings): GatherPlan | null {
  if (debounce !== undefined) {
    const { wait, max } = debounce;
    const maxMs = max === undefined ? null : parseDuration(max);
    return { kind: 'debounce', waitMs: parseDuration(wait), maxMs, key: keyOf(debounce) };
  }
  if (batch === undefined) return null;
  return { kind: 'batch', waitMs: parseDuration(batch.wait), size: batch.size, key: keyOf(batch) };
}

const keyOf = ({ key }: { readonly key?: string | undefined }): Template => compileTemplate(key ?? null);

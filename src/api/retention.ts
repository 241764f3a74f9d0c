/** /api/retention: the rules, and a dry run. */
import type { FastifyInstance } from 'fastify';
import { COUNTED, type RetainedAnswer } from '../contract/retention.ts';
import { formatKeep, overlayRetention, type RetentionRules, RULED, type Ruled, sweepsOf } from '../core/retention.ts';
import type { RetainedWorkflow, RetentionPass } from '../ports/retention.ts';
import type { ApiDeps } from './deps.ts';
import { operation } from './operation.ts';

export function retention(app: FastifyInstance, deps: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>): void {
  const { store, engine } = deps;

  operation(app, 'getRetention', async ({ projectId, query: { limit, cursor = '' } }) => {
    const all = await store.retention.workflows(projectId);
    const left = all.filter((one) => one.workflowId > cursor).sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1));
    const page = left.slice(0, limit);
    const items: RetainedAnswer[] = [];
    for (const one of page) items.push(await retained(deps, one));
    const nextCursor = left.length > limit ? (page.at(-1)?.workflowId ?? null) : null;
    const lastPass = passAnswer(await store.retention.lastPass());
    return { rules: rulesAnswer(engine.retention), lastPass, items, nextCursor };
  });
}

async function retained(
  { store, engine, runtime }: Pick<ApiDeps, 'store' | 'engine' | 'runtime'>,
  workflow: RetainedWorkflow,
): Promise<RetainedAnswer> {
  const { workflowId, name: workflowName, settings } = workflow;
  const rules = overlayRetention(engine.retention, settings);
  const sweeps = sweepsOf(rules, runtime.now());
  const counts = await Promise.all(sweeps.map((sweep) => store.retention.count(workflow, sweep, COUNTED)));
  const due = byEnd(() => 0);
  for (const [index, { end }] of sweeps.entries()) due[end] += counts[index] ?? 0;
  return { workflowId, workflowName, rules: rulesAnswer(rules), own: settings !== null, due };
}

const byEnd = <T>(of: (end: Ruled) => T): Record<Ruled, T> =>
  Object.fromEntries(RULED.map((end) => [end, of(end)])) as Record<Ruled, T>;

const rulesAnswer = (rules: RetentionRules): Record<Ruled, string> => byEnd((end) => formatKeep(rules[end]));

function passAnswer(pass: RetentionPass | undefined) {
  if (pass === undefined) return null;
  const { startedAt, finishedAt } = pass;
  const end = finishedAt === null ? null : new Date(finishedAt).toISOString();
  return { startedAt: new Date(startedAt).toISOString(), finishedAt: end };
}

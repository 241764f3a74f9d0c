/**
 * Which projects have budgets, as far as this process knows. Their calls are written with questions; those of others at
 * once, in a message that a budget lets fail: asking first keeps such failures, which PostgreSQL logs, to a budget that
 * another process has set since.
 */
import { array } from './columns.ts';
import type { Sql } from './sql.ts';

const FRESH_MS = 5 * 60_000;

export interface RuledProjects {
  hasAny(projectIds: readonly string[]): Promise<boolean>;
  /** Seen to have budgets. */
  add(projectId: string): void;
}

export function ruledProjects(sql: Sql): RuledProjects {
  const known = new Map<string, { readonly isRuled: boolean; readonly until: number }>();
  const learn = (id: string, isRuled: boolean) => known.set(id, { isRuled, until: Date.now() + FRESH_MS });
  return {
    async hasAny(projectIds) {
      const now = Date.now();
      const unknown = [...new Set(projectIds)].filter((id) => (known.get(id)?.until ?? 0) <= now);
      if (unknown.length > 0) {
        const rows = await sql.unsafe(
          'select distinct project_id from budget_rules where project_id = any($1::uuid[])',
          [array(unknown)],
        );
        const ruled = new Set(rows.map((row) => row.project_id as string));
        for (const id of unknown) learn(id, ruled.has(id));
      }
      return projectIds.some((id) => known.get(id)?.isRuled);
    },
    add: (projectId) => learn(projectId, true),
  };
}

/** The names of all workflows, however many pages that takes. */
import { call } from './call.ts';

export async function allNames(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await call('listWorkflows', { query: { limit: 200, ...(cursor !== undefined && { cursor }) } });
    for (const { name } of page.items) names.add(name);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return names;
}

/** Reads a list to its end, in the largest pages there are. */
import type { Page } from '../contract/page.ts';

interface Asked {
  readonly limit: number;
  readonly cursor?: string;
}

export async function everyPage<T>(read: (query: Asked) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await read({ limit: 200, ...(cursor !== undefined && { cursor }) });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

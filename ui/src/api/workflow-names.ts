/** The names of all workflows, however many pages that takes. */
import { everyItem } from './query.ts';

export async function allNames(): Promise<ReadonlySet<string>> {
  return new Set((await everyItem('listWorkflows')).map(({ name }) => name));
}

/** What happened as a file: lines for people, or each event with all its values as a line of JSON. */
import { call } from '../../../api/call.ts';
import { saveFile } from '../../../components/save-file.ts';

const PAGE = 1_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

async function all<T>(read: (after: number) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const { items, nextCursor }: Page<T> = await read(after);
    found.push(...items);
    after = nextCursor === null ? null : Number(nextCursor);
  }
  return found;
}

export async function downloadLog(id: string): Promise<void> {
  const lines = await all((after) => call('listExecutionLogs', { params: { id }, query: { after, limit: PAGE } }));
  const text = lines.map(({ at, level, path, message }) =>
    [at, level.padEnd(5), ...(path === undefined ? [] : [path]), message].join('  '),
  );
  saveFile(`${id}.log`, `${text.join('\n')}\n`, 'text/plain');
}

export async function downloadHistory(id: string): Promise<void> {
  const events = await all((after) => call('listExecutionEvents', { params: { id }, query: { after, limit: PAGE } }));
  saveFile(`${id}.jsonl`, `${events.map((event) => JSON.stringify(event)).join('\n')}\n`, 'application/jsonl');
}

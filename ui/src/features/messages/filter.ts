/** Which messages of the log are meant, as people type it and as the server takes it. */
import type { Request } from '../../api/call.ts';

export interface MessageSearch {
  readonly type?: string;
  readonly topic?: string;
  readonly key?: string;
  /** Days, or days with a time, by the clock of whoever looks. */
  readonly from?: string;
  readonly to?: string;
}

/** What is empty is left out, and what is no time stays as it is: the server says so. */
export function filterOf({ type, topic, key, from, to }: MessageSearch): MessageSearch {
  const given = { type: type?.trim(), topic, key, from: from && timeOf(from), to: to && timeOf(to) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
}

export const logRequest = (search: MessageSearch): Request<'listEvents'> => ({ query: filterOf(search) });

/** `2026-07-01` is its beginning, by the local clock as all of it. */
function timeOf(text: string): string {
  const moment = new Date(text.includes('T') ? text : `${text}T00:00`);
  return Number.isNaN(moment.getTime()) ? text : moment.toISOString();
}

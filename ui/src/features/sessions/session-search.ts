/** The filters of the address, and what they ask of the API. */
import type { Request } from '../../api/call.ts';

export interface SessionSearch {
  readonly view?: string;
  readonly status?: string;
  readonly agent?: string;
  readonly user?: string;
  readonly category?: string;
  readonly tag?: string;
  readonly from?: string;
  readonly to?: string;
}

export const TABS = [
  { id: 'sessions', label: 'Sessions' },
  { id: 'agents', label: 'Agents' },
] as const;

export const viewOf = ({ view }: SessionSearch) => TABS.find(({ id }) => id === view)?.id ?? 'sessions';

export const listRequest = ({ view: _, tag, ...rest }: SessionSearch): Request<'listSessions'> => ({
  query: { ...rest, ...(tag && { tags: tag }) },
});

const DAY_MS = 86_400_000;

/** The page says before which day, the server takes the last one. What is no day stays as it is: the server says so. */
export const daysOf = ({ from, to }: SessionSearch) => ({
  from: from?.slice(0, 10),
  to: to && dayBefore(to.slice(0, 10)),
});

function dayBefore(day: string): string {
  const at = Date.parse(day);
  return Number.isNaN(at) ? day : new Date(at - DAY_MS).toISOString().slice(0, 10);
}

/** Days of agents: as many as the server gives; with more, the earliest are left out. */
export const MOST_DAYS = 1_000;

export const agentsRequest = (search: SessionSearch): Request<'getAgentPerformance'> => ({
  query: { agent: search.agent, ...daysOf(search), limit: MOST_DAYS },
});

/** Of the books the one row that says their currency. */
export const CURRENCY: Request<'getUsage'> = { query: { by: 'project', limit: 1 } };

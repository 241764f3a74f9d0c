/** The filters of the address, and what they ask of the API. */
import type { Request } from '../../api/call.ts';
import { daysOf } from './agent-figures.ts';

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

/** Days of agents: as many as the server gives; with more, the earliest are left out. */
export const MOST_DAYS = 1_000;

export const agentsRequest = (search: SessionSearch): Request<'getAgentPerformance'> => ({
  query: { agent: search.agent, ...daysOf(search), limit: MOST_DAYS },
});

/** Of the books the one row that says their currency. */
export const CURRENCY: Request<'getUsage'> = { query: { by: 'project', limit: 1 } };

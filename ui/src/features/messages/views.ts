/** What the page of messages shows, one at a time. */
import type { Request } from '../../api/call.ts';

export const TABS = [
  { id: 'log', label: 'Log' },
  { id: 'listeners', label: 'Who listens' },
  { id: 'replays', label: 'Replays' },
  { id: 'sent', label: 'Sent webhooks' },
  { id: 'schemas', label: 'Schemas' },
] as const;

export const viewOf = ({ view }: { readonly view?: string }) => TABS.find(({ id }) => id === view)?.id ?? 'log';

export const REPLAYS: Request<'listReplays'> = { query: { limit: 20 } };

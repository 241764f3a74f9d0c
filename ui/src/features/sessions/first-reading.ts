/**
 * What the page of a session shows first: the session, then its newest events. They are read from when its address is
 * known, while the scripts of the page are on their way.
 */
import type { Answer, Request } from '../../api/call.ts';
import { queryClient, queryOf } from '../../api/query.ts';
import { missingOf, newestOf } from './page-of.ts';

export const sessionRequest = (id: string): Request<'getSession'> => ({ params: { id } });

/** An event never changes. What goes wrong is said at once, and tried again by who reads. */
const eventsQuery = (id: string, after: number, limit: number) => ({
  ...queryOf('listSessionEvents', { params: { id }, query: { after, limit } }),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const readEvents = async (id: string, after: number, limit: number) =>
  (await queryClient.fetchQuery(eventsQuery(id, after, limit))).items;

/** What goes wrong is said by the page itself, which reads it again. */
export async function readFirst(address: string): Promise<void> {
  const query = queryOf('getSession', sessionRequest(address));
  await queryClient.prefetchQuery(query);
  const session = queryClient.getQueryData<Answer<'getSession'>>(query.queryKey);
  if (session === undefined) return;
  const { id, seq } = session;
  const pages = newestOf(seq).map((index) => missingOf(index, seq));
  await Promise.all(pages.map(({ after, limit }) => queryClient.prefetchQuery(eventsQuery(id, after, limit))));
}

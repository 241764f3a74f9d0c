/** Sessions by chance and lists of them, beside what a list is without any index: all sessions, filtered one by one. */
import fc from 'fast-check';
import type { SessionQuery, SessionSummary } from '../ports/sessions.ts';
import type { Store } from '../ports/store.ts';
import { SESSION_FOLDS } from '../projections/sessions.ts';
import { NOW, newId } from './factories.ts';
import { over, projectAll, said, sessionAppend } from './session-events.ts';

const TAGS = ['red', 'big', 'odd', 'old'];
/** With them a session has more than are paired. */
const MANY = Array.from({ length: 14 }, (_, at) => `tag ${at}`);

const tags = fc
  .tuple(fc.subarray(TAGS), fc.boolean(), fc.nat(3))
  .map(([some, twice, many]) => [...some, ...(twice ? some : []), ...(many === 0 ? MANY : [])]);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const agent = fc.constantFrom('sales', 'help');
const category = fc.constantFrom('x', 'y');
/** Often the same, and so far apart as well that few are in one stretch. */
const times = fc
  .tuple(fc.nat(5), fc.constantFrom(0, 0, 20, 200, 900))
  .map(([minute, days]) => NOW + minute * 60_000 - days * 86_400_000);

const session = fc.record({
  agent,
  userId: fc.constantFrom('ada', 'bob', null),
  category: maybe(category),
  tags: maybe(tags),
  at: times,
  ended: fc.boolean(),
  later: maybe(fc.record({ at: times, tags: maybe(tags), category: maybe(category) }, { noNullPrototype: true })),
});

const asked = fc.record({
  limit: fc.constantFrom(1, 2, 50),
  userId: maybe(fc.constantFrom('ada', 'bob')),
  agent: maybe(agent),
  status: maybe(fc.constantFrom('active' as const, 'ended' as const)),
  category: maybe(category),
  from: maybe(times),
  to: maybe(times),
  tags: maybe(fc.subarray([...TAGS, 'tag 1', 'tag 9', 'none'])),
  /** Number of the session that the page comes after. */
  after: maybe(fc.nat(19)),
});

export const sessionsAndLists = fc.tuple(
  fc.array(session, { minLength: 1, maxLength: 20 }),
  fc.array(asked, { minLength: 10, maxLength: 10 }),
);

type Drawn = typeof sessionsAndLists extends fc.Arbitrary<infer T> ? T : never;

/** In a project of their own, projected. */
export async function writeSessions(store: Store, drawn: Drawn[0]): Promise<SessionSummary[]> {
  const projectId = newId();
  const ids: string[] = [];
  for (const { ended, later, category: sort, tags: words, ...rest } of drawn) {
    const append = sessionAppend({ ...rest, ...given({ category: sort, tags: words }) });
    const { id, seq } = await store.sessions.append(projectId, append, 0);
    ids.push(id);
    if (later !== undefined) {
      await store.sessions.project(100, SESSION_FOLDS);
      const { at, ...changed } = later;
      await store.sessions.append(projectId, { ...append, ...given(changed), events: [said('more', at)] }, seq);
    }
    if (ended) await store.sessions.append(projectId, { ...append, events: [over(rest.at)] }, seq + (later ? 1 : 0));
  }
  await projectAll(store);
  return await Promise.all(ids.map(async (id) => (await store.sessions.get(projectId, id))!));
}

export function queryOf(sessions: readonly SessionSummary[], { after, limit, ...filters }: Drawn[1][number]) {
  const [{ projectId }] = sessions as [SessionSummary];
  const before = after === undefined ? undefined : sessions[after];
  return { projectId, limit, ...given({ ...filters, before }) } as SessionQuery;
}

/** Keys of the page. */
export function listedOf(sessions: readonly SessionSummary[], query: SessionQuery): string[] {
  const { userId, agent: by, status, category: sort, from, to, tags: words = [], before, limit } = query;
  const rank = ({ lastActivity, id }: { readonly lastActivity: number; readonly id: string }) =>
    `${String(lastActivity).padStart(16, '0')} ${id}`;
  const fitting = sessions.filter(
    (one) =>
      (userId ?? one.userId) === one.userId &&
      (by ?? one.agent) === one.agent &&
      (status ?? one.status) === one.status &&
      (sort ?? one.category) === one.category &&
      (from ?? one.lastActivity) <= one.lastActivity &&
      (to ?? one.lastActivity + 1) > one.lastActivity &&
      words.every((tag) => one.tags.includes(tag)) &&
      (before === undefined || rank(one) < rank(before)),
  );
  return fitting
    .sort((a, b) => (rank(a) < rank(b) ? 1 : -1))
    .slice(0, limit)
    .map(({ key }) => key);
}

const given = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

import { isActive } from '../../core/execution/index.ts';
import type { Commit, News } from '../../ports/store.ts';
import { type Query, query } from './query.ts';
import { runAll, type Sql } from './sql.ts';

/** Channel on which processes tell each other that the queue or the signals have something new. */
export const CHANNEL = 'myelin_wake';

/** A hint only: who misses it finds the work at its next look. */
export function wake(commits: readonly Commit[]): Query[] {
  const news = commits.some((one) => one.posts.length > 0 || (one.owner === null && isQueued(one)));
  const messages = commits.some((one) => one.messages !== undefined && one.messages.length > 0);
  const flow = commits.some((one) => one.create?.ticket !== undefined || one.frees === true);
  const sessions = commits.some((one) => one.sessions !== undefined && one.sessions.length > 0);
  return [
    ...(news ? [notification('work')] : []),
    ...(messages ? [notification('messages')] : []),
    ...(flow ? [notification('flow')] : []),
    ...(sessions ? [notification('sessions')] : []),
  ];
}

export async function notify(sql: Sql, news: News = 'work'): Promise<void> {
  await runAll(sql, [notification(news)]);
}

const notification = (news: News): Query => query(`select pg_notify('${CHANNEL}', '${news}')`);

const NEWS: ReadonlySet<string> = new Set<News>([
  'work',
  'messages',
  'flow',
  'sessions',
  'tokens',
  'schedules',
  'triggers',
  'schemas',
  'feeds',
]);

/** What the others are told, if it is a word we know: another version of the program may know more. */
export function isNews(payload: string): payload is News {
  return NEWS.has(payload);
}

function isQueued(one: Commit): boolean {
  return isActive(one.status) && one.create?.ticket === undefined;
}

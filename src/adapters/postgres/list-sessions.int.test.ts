import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionQuery } from '../../ports/sessions.ts';
import { NOW, newId } from '../../testing/factories.ts';
import { type TestDatabase, testDatabase } from '../../testing/postgres.ts';
import { projectAll, sessionAppend } from '../../testing/session-events.ts';
import { listedOf, queryOf, sessionsAndLists, writeSessions } from '../../testing/session-lists.ts';
import { listSessions } from './list-sessions.ts';
import { listWays } from './list-ways.ts';
import { migrate } from './migrate.ts';
import { termsOf } from './session-terms.ts';
import { openPool } from './sql.ts';
import { openPostgresStore } from './store.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(() => database.drop());

test('sessions of before the tags were in the indexes are listed by them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-lists-'));
  const migrations = fileURLToPath(new URL('migrations/', import.meta.url));
  for (const name of readdirSync(migrations)) {
    if (name < '0013') cpSync(join(migrations, name), join(folder, name));
  }
  const sql = openPool(database.url, { max: 1 });
  await migrate(sql, pathToFileURL(`${folder}/`));
  rmSync(folder, { recursive: true });
  const projectId = newId();
  const sets = [['red', 'big'], ['red'], ['red', 'big', ...Array.from({ length: 40 }, (_, at) => `tag ${at}`)]];
  for (const [at, tags] of sets.entries()) {
    await sql`
      insert into agent_session_summary
        (session_id, project_id, key, agent, user_id, status, seq, started_at, last_activity, message_count, model_calls,
         tool_calls, failed_tool_calls, input_tokens, output_tokens, cost, tags)
      values (${newId()}, ${projectId}, ${`key ${at}`}, 'helper', 'ada', 'active', 1, ${NOW}, ${NOW + at}, 0, 0, 0, 0, 0,
              0, 0, ${tags})`;
  }
  await sql`
    insert into agent_session_tags (session_id, tag, project_id, status, last_activity, agent, category)
    select session_id, tag, project_id, status, last_activity, agent, category from agent_session_summary, unnest(tags) tag`;
  await sql.end();

  const store = await openPostgresStore(database.url);
  const stored = openPool(database.url, { max: 1 });
  const list = async (query: object) =>
    (await store.sessions.list({ projectId, limit: 9, ...query })).map(({ key }) => key);
  expect(await list({ tags: ['red', 'big'] })).toEqual(['key 2', 'key 0']);
  expect(await list({ tags: ['red', 'big'], userId: 'ada' })).toEqual(['key 2', 'key 0']);
  expect(await list({ tags: ['red', 'tag 39'] })).toEqual(['key 2']);
  // What the migration makes in SQL is what is written since.
  const rows = await stored`select terms::text[] as terms from agent_session_terms order by last_activity`;
  expect(rows.map(({ terms }) => terms.toSorted())).toEqual(
    sets.map((tags) => termsOf({ projectId, agent: 'helper', category: null, userId: 'ada', tags }).toSorted()),
  );
  await Promise.all([store.close(), stored.end()]);
});

test('the longest names fit the indexes, with all tags that are in them', async () => {
  // Of four bytes each, and such as no compression makes shorter.
  const name = (length: number) =>
    Array.from({ length }, () => String.fromCodePoint(0x20000 + Math.floor(Math.random() * 0xa000))).join('');
  const [userId, agent, category] = [name(200), name(200), name(200)];
  const store = await openPostgresStore(database.url);
  const projectId = newId();
  const all = [[name(200), name(200)], [name(40)], [name(16), name(16)], Array.from({ length: 50 }, () => name(1))];
  for (const tags of all) {
    await store.sessions.append(projectId, sessionAppend({ userId, agent, category, tags }), 0);
  }
  await projectAll(store);
  for (const tags of all) {
    expect(await store.sessions.list({ projectId, limit: 9, tags, agent, category })).toMatchObject([{ tags }]);
    expect(await store.sessions.list({ projectId, limit: 9, tags, userId })).toMatchObject([{ tags }]);
  }
  await store.close();
});

test('a list is the same by whichever way it is found', async () => {
  const store = await openPostgresStore(database.url);
  const sql = openPool(database.url, { max: 1 });
  await fc.assert(
    fc.asyncProperty(sessionsAndLists, async ([drawn, lists]) => {
      const all = await writeSessions(store, drawn);
      await sql`analyze agent_session_terms`;
      const guide = ({ userId, tags }: SessionQuery) => (userId === undefined ? tags?.[0] : undefined);
      const ways = [0, 1, 3, Number.POSITIVE_INFINITY].map((reach) => async (query: SessionQuery) => ({
        tag: guide(query),
        reach,
      }));
      for (const list of lists) {
        const query = queryOf(all, list);
        for (const way of [...ways, listWays(sql)]) {
          const found = await listSessions(sql, query, way);
          expect(found.map(({ key }) => key)).toEqual(listedOf(all, query));
        }
      }
    }),
    { numRuns: 10 },
  );
  await Promise.all([store.close(), sql.end()]);
});

test('a session whose terms are those of another by chance is not taken for it', async () => {
  const store = await openPostgresStore(database.url);
  const sql = openPool(database.url, { max: 1 });
  const projectId = newId();
  await store.sessions.append(projectId, sessionAppend({ key: 'right', tags: ['red', 'big'] }), 0);
  await store.sessions.append(projectId, sessionAppend({ key: 'alike', tags: ['red'], at: NOW + 1 }), 0);
  await projectAll(store);
  await sql`
    update agent_session_terms set terms = (select terms from agent_session_terms order by cardinality(terms) desc limit 1)`;
  const atOnce = async () => ({ tag: 'red', reach: 0 });
  const found = await listSessions(sql, { projectId, limit: 1, tags: ['red', 'big'] }, atOnce);
  expect(found.map(({ key }) => key)).toEqual(['right']);
  await Promise.all([store.close(), sql.end()]);
});

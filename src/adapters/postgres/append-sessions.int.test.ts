/** What the suite meets only by chance: the moment between two looks of one statement. */
import { expect, test } from 'vitest';
import { DEFAULT_PROJECT } from '../../ports/store.ts';
import { newId } from '../../testing/factories.ts';
import { testDatabase } from '../../testing/postgres.ts';
import { sessionAppend } from '../../testing/session-events.ts';
import { openPool } from './sql.ts';
import { openPostgresStore } from './store.ts';

test('who begins a session while another begins the same is told that others have written', async () => {
  const database = await testDatabase();
  const store = await openPostgresStore(database.url);
  const sql = openPool(database.url, { max: 2 });
  const append = sessionAppend();
  let late: Promise<unknown> = Promise.resolve();
  await sql.begin(async (tx) => {
    // Its key is not there yet when the other looks for it, and is there before the other has written its own.
    await tx`
      insert into sessions (id, project_id, key, agent, seq, pending_since, ended, started_at, last_activity)
      values (${append.newId}, ${DEFAULT_PROJECT}, ${newId()}, 'helper', 1, 0, false, 0, 0)`;
    late = store.sessions.append(DEFAULT_PROJECT, append, 0).catch((error: unknown) => error);
    const blocked = () => sql`select from pg_locks where not granted and locktype = 'transactionid'`;
    while ((await blocked()).length === 0) await new Promise(setImmediate);
    await tx`update sessions set key = ${append.start.data.key} where id = ${append.newId}`;
  });
  expect(await late).toMatchObject({ code: 'session_conflict', data: { seq: 1 } });
  await Promise.all([store.close(), sql.end()]);
  await database.drop();
});

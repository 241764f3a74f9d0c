import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testDatabase } from '../../testing/postgres.ts';
import { connect } from './connect.ts';
import { MENDS } from './driver.ts';
import { isUnavailable } from './failures.ts';

/** A dying connection may be handed out again before its end is noticed. */
async function untilAvailable<T>(operation: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
  }
}

test.each(MENDS)('the package still has the text that is mended: %j', (fault) => {
  const source = readFileSync(
    fileURLToPath(import.meta.resolve('postgres').replace(/\w+\.js$/, 'connection.js')),
    'utf8',
  );
  expect(source.split(fault).length - 1).toBe(1);
});

test('a transaction on a connection that dies is refused as unavailable, and the next one works', async () => {
  const database = await testDatabase();
  const { sql, writer } = connect(database.url);
  for (let round = 0; round < 5; round++) {
    const doomed = writer.begin(async (tx) => {
      const [me] = await tx`select pg_backend_pid() as pid`;
      await sql`select pg_terminate_backend(${me?.pid})`;
      await Promise.all([tx`select 1`, tx`select 2`]);
    });
    expect(isUnavailable(await doomed.catch((error: unknown) => error))).toBe(true);
    expect(await untilAvailable(() => writer.begin((tx) => tx`select 1 as one`))).toEqual([{ one: 1 }]);
  }
  await Promise.all([sql.end(), writer.end()]);
  await database.drop();
});

/** A canary in each secret of each connection: it is in no table, no answer and no line of the log, before and after a rotation. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../program/database.ts';
import { Program } from '../program/server.ts';

const CANARY = 'canary4711';
const signing = `whsec_${Buffer.from(`${CANARY}-${CANARY}-${CANARY}`).toString('base64')}`;
/** Ways in which it could be written somewhere. */
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString('hex'),
  signing.slice(6),
  Buffer.from(`u:${CANARY}`).toString('base64'),
];

const NOWHERE = { host: '127.0.0.1', port: 9, tls: 'off', user: 'u', password: CANARY };
const CONNECTIONS = {
  postgres: { ...NOWHERE, database: 'd' },
  smtp: { ...NOWHERE, from: 'a@example.com' },
  slack: { webhookUrl: `http://127.0.0.1:9/${CANARY}` },
  webhook: { url: 'http://127.0.0.1:9/', secret: signing },
  http: { baseUrl: 'http://127.0.0.1:9/', auth: 'basic', user: 'u', password: CANARY },
};

let program: Program;
beforeAll(async () => {
  program = await Program.create({ LOG_LEVEL: 'trace' });
  await program.start();
});
afterAll(() => program.dispose());

/** All rows of all tables. */
async function dump(): Promise<string> {
  const sql = connect(program);
  try {
    const tables = await sql`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
                              where schemaname not in ('pg_catalog', 'information_schema')`;
    const rows = await Promise.all(tables.map(({ name }) => sql.unsafe(`select t::text from ${name} t`)));
    expect(tables.map(({ name }) => name)).toContain('public.connections');
    return rows.flatMap((some) => some.map(({ t }) => t)).join('\n');
  } finally {
    await sql.end();
  }
}

test('no secret of a connection is ever seen again', async () => {
  const told: string[] = [];
  const call = async (method: string, path: string, body?: object) => {
    const answer = await program.call(method, path, body);
    told.push(JSON.stringify(answer.body));
    return answer;
  };
  for (const [type, config] of Object.entries(CONNECTIONS)) {
    expect((await call('POST', '/api/connections', { name: type, type, config })).status).toBe(201);
    expect((await call('POST', '/api/connections', { name: type, type, config })).status).toBe(409);
    expect(
      (await call('POST', '/api/connections', { name: `${type}-2`, type, config: { ...config, x: 1 } })).status,
    ).toBe(400);
    const tested = await call('POST', `/api/connections/${type}/test`);
    expect(tested.body).toMatchObject({ ok: false, message: expect.stringContaining('takes no connections') });
  }
  await call('GET', '/api/connections');
  await call('GET', '/api/connections/postgres');
  const before = await dump();
  expect((await call('POST', '/api/connections/rotate-key')).body).toEqual({
    keyVersion: 2,
    changed: 5,
    unreadable: 0,
  });
  for (const type of Object.keys(CONNECTIONS))
    expect((await call('POST', `/api/connections/${type}/test`)).status).toBe(200);

  const key = join(program.home, 'master.key');
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const keys = readFileSync(key, 'utf8')
    .split(/[:\n]/)
    .filter((part) => part.length === 44);
  expect(keys).toHaveLength(2);
  const seen = [before, await dump(), program.output, ...told].join('\n');
  for (const form of [...FORMS, ...keys]) expect(seen.toLowerCase()).not.toContain(form.toLowerCase());
});

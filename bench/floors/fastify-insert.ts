/**
 * The floor of durability without batching: Fastify with one INSERT, and so one commit, for each request.
 * `node bench/floors/fastify-insert.ts URL [connections]` makes the table `floor_requests` anew and prints `{"port":N}`.
 */
import fastify from 'fastify';
import postgres from 'postgres';

const [url, connections = '10'] = process.argv.slice(2);
if (url === undefined) throw new Error('Give the address of a PostgreSQL as argument: postgres://…');

const sql = postgres(url, { max: Number(connections), onnotice: () => undefined });
await sql`drop table if exists floor_requests`;
await sql`create table floor_requests (
  id bigint generated always as identity primary key,
  body jsonb not null,
  created_at timestamptz not null default now()
)`;

const app = fastify();

app.post('/*', async (request, reply) => {
  const [row] =
    await sql`insert into floor_requests (body) values (${sql.json(request.body as postgres.JSONValue)}) returning id`;
  return reply.code(202).send({ executionId: row!.id });
});

const address = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(JSON.stringify({ port: Number(new URL(address).port) }));

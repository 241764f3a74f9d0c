/**
 * Lists of sessions where a million are stored: `npx node bench/sessions.ts [--url postgres://…] [--count N] [--slow N]`. They are made in
 * SQL, skewed as real ones are: few agents have most of the sessions, categories belong to agents, one user is a
 * kiosk, 2 % are active. Then 2,000 lists of random filters are read through the store, one at a time. Without --url an
 * embedded PostgreSQL is started for it, fsync on; a database that holds the sessions already is used as it is.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/embedded-postgres.ts';
import { openPostgresStore } from '../src/adapters/postgres/store.ts';
import type { SessionQuery } from '../src/ports/sessions.ts';
import { DEFAULT_PROJECT, type Store } from '../src/ports/store.ts';
import { figure, formatSection, type Section } from './figure.ts';
import { describeMachine } from './machine.ts';

const QUERIES = 2_000;
const WARM_UP = 200;
const PAGE = 50;
const CHUNK = 100_000;
const DAYS = 180;
const SPAN_MS = DAYS * 86_400_000;
const AGENTS = 20;
const USERS = 100_000;
const CATEGORIES = 12;
const TAGS = 50;
const RESULTS = fileURLToPath(new URL('results/', import.meta.url));
const TERMS = new URL('../src/adapters/postgres/migrations/0020_session_terms.sql', import.meta.url);

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    count: { type: 'string', default: '1000000' },
    slow: { type: 'string', default: '0' },
  },
});
const count = Number(values.count);

const loadBefore = loadavg()[0]!;
const { url, stop } = values.url === undefined ? await embedded() : { url: values.url, stop: async () => undefined };
const store = await openPostgresStore(url);
const sql = postgres(url, { max: 1, onnotice: () => undefined });
try {
  const made = await makeSessions();
  const section = await measure(store, made);
  console.log(formatSection(section));
  if (count === 1_000_000) keep(section);
} finally {
  await Promise.all([store.close(), sql.end()]);
  await stop();
}

async function embedded() {
  const home = mkdtempSync(join(tmpdir(), 'myelin-bench-sessions-'));
  const quiet = () => undefined;
  const server = await startEmbeddedPostgres({
    home,
    log: { debug: quiet, info: quiet, warn: console.warn, error: console.error },
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true });
    },
  };
}

/** Says how many seconds it took; 0 where they are there. */
async function makeSessions(): Promise<number> {
  const [known] = await sql`select count(*)::int as count from agent_session_summary`;
  if (known?.count >= count) return 0;
  const begun = performance.now();
  const oldest = Date.now() - SPAN_MS;
  await sql`set synchronous_commit = off`;
  for (let from = 0; from < count; from += CHUNK) {
    await sql`
      insert into agent_session_summary
        (session_id, project_id, key, agent, user_id, status, seq, started_at, last_activity, ended_at, message_count,
         model_calls, tool_calls, failed_tool_calls, input_tokens, output_tokens, cost, last_user_message,
         last_response, category, tags, listed_tags)
      select (lpad(to_hex(at), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid, ${DEFAULT_PROJECT}, 'session ' || i,
             'agent ' || agent,
             case when who < 0.03 then null when who < 0.08 then 'kiosk'
                  else 'user ' || floor(${USERS} * power(random(), 2))::int end,
             case when i > ${count} * 0.9 and random() < 0.2 then 'active' else 'ended' end,
             12, at - 60000, at, at, 8, 4, 3, 0, 4000, 800, 12000000,
             repeat('What the user asked last. ', 6), repeat('What the agent answered. ', 12),
             'category ' || (agent * 7 + floor(4 * power(random(), 2))::int) % ${CATEGORIES}, tags, tags
        from (select i, ${oldest}::bigint + (i * ${SPAN_MS}::float8 / ${count})::bigint as at, random() as who,
                     floor(${AGENTS} * power(random(), 3))::int as agent,
                     array(select distinct 'tag ' || floor(${TAGS} * power(random(), 3))::int
                             from generate_series(1, (i % 4)::int) where i > 0) as tags
                from generate_series(${from}::bigint, ${Math.min(from + CHUNK, count) - 1}::bigint) i) n`;
  }
  await sql`
    insert into agent_session_tags (session_id, tag, project_id, status, last_activity, agent, category, listed_tags)
    select session_id, tag, project_id, status, last_activity, agent, category, listed_tags
      from agent_session_summary, unnest(tags) tag`;
  // As the migration makes them of sessions that are there.
  const [terms] = readFileSync(TERMS, 'utf8').match(/insert into agent_session_terms[^;]+;/) ?? [];
  await sql.unsafe(terms!);
  // Rows whose commit is not on disk yet are left aside by a vacuum, and read in vain by lists after it.
  await sql`checkpoint`;
  await sql`vacuum (analyze) agent_session_summary`;
  await sql`vacuum (analyze) agent_session_tags`;
  await sql`vacuum (analyze) agent_session_terms`;
  await sql`checkpoint`;
  return Math.round((performance.now() - begun) / 1000);
}

async function measure({ sessions }: Store, seconds: number): Promise<Section> {
  const random = seeded(7);
  const sample = await sql`
    select user_id, agent, category, tags, last_activity, session_id from agent_session_summary
     tablesample system (1) repeatable (1) limit 20000`;
  const any = () => sample[Math.floor(random() * sample.length)]!;
  const times: { ms: number; rows: number; query: SessionQuery }[] = [];
  for (let number = 0; number < QUERIES + WARM_UP; number += 1) {
    const query = draw(random, any);
    const begun = performance.now();
    const { length } = await sessions.list(query);
    if (number >= WARM_UP) times.push({ ms: performance.now() - begun, rows: length, query });
  }
  times.sort((a, b) => a.ms - b.ms);
  for (const { ms, rows, query } of times.slice(times.length - Number(values.slow))) {
    console.log(ms.toFixed(1), 'ms', rows, 'rows', JSON.stringify({ ...query, projectId: undefined }));
  }
  return {
    id: 'sessions',
    title: `${count.toLocaleString('en-US')} sessions (${seconds === 0 ? 'there before' : `made in ${seconds} s`}), ${QUERIES} lists of random filters, pages of ${PAGE}`,
    figures: [
      figure('p50', at(times, 0.5), 'ms'),
      figure('p90', at(times, 0.9), 'ms'),
      figure('p99', at(times, 0.99), 'ms', { below: 10 }),
      figure('longest', at(times, 1), 'ms'),
      ...[0, 1, 2].flatMap((tags) => {
        const those = times.filter(({ query }) => Math.min(query.tags?.length ?? 0, 2) === tags);
        const name = ['no tag', 'one tag', 'several tags'][tags];
        return [
          figure(`${name}, ${those.length} lists: p50`, at(those, 0.5), 'ms'),
          figure(`${name}: p99`, at(those, 0.99), 'ms', { below: 10 }),
        ];
      }),
      figure('lists without a row', times.filter(({ rows }) => rows === 0).length / QUERIES, 'of all'),
    ],
  };
}

/** Of times in order. */
function at(sorted: readonly { readonly ms: number }[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.ms ?? 0;
}

type Sample = Readonly<Record<string, string | string[]>>;

/** Each filter by chance, its value that of any session: of different sessions, so that many fit nothing. */
function draw(random: () => number, any: () => Sample): SessionQuery {
  const chance = (share: number) => random() < share;
  const start = Math.floor(Date.now() - SPAN_MS * random());
  const { last_activity: lastActivity, session_id: id } = any();
  const userId = chance(0.3) ? any().user_id : null;
  const tags = chance(0.3) ? any().tags : [];
  return {
    projectId: DEFAULT_PROJECT,
    limit: PAGE,
    ...(typeof userId === 'string' && { userId }),
    ...(chance(0.4) && { agent: String(any().agent) }),
    ...(chance(0.4) && { status: chance(0.5) ? 'active' : 'ended' }),
    ...(chance(0.3) && { category: String(any().category) }),
    ...(chance(0.25) && { from: start }),
    ...(chance(0.25) && { to: Math.floor(start + SPAN_MS * 0.1 * random()) }),
    ...(Array.isArray(tags) && tags.length > 0 && { tags: tags.slice(0, chance(0.5) ? 1 : 3) }),
    ...(chance(0.4) && { before: { lastActivity: Number(lastActivity), id: String(id) } }),
  } as SessionQuery;
}

/** The same numbers in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function keep(section: Section): void {
  const machine = describeMachine();
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--short', 'HEAD');
  const changed = git('status', '--porcelain') !== '';
  const file = join(RESULTS, `${machine.date.slice(0, 10)}-${commit}-sessions.json`);
  const result = { machine, commit, changed, loadBefore, options: { count }, sections: [section] };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Kept in ${file}`);
}

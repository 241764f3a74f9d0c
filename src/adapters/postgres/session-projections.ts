/** Writes rows of the read models, a statement for each table whatever the number of sessions. */

import { STATE_VERSION } from '../../core/session/state.ts';
import {
  DAY_COUNTS,
  type DayCounts,
  type SessionDay,
  type SessionSummary,
  type TimelineRow,
} from '../../ports/sessions.ts';
import { array, texts } from './columns.ts';
import { fromSummary } from './session-rows.ts';
import { termsOf } from './session-terms.ts';
import type { Row, Sql } from './sql.ts';

/** What is written of one session. */
export interface SessionRows {
  readonly summary: SessionSummary;
  readonly timeline: readonly TimelineRow[];
  readonly days: readonly SessionDay[];
  readonly snapshots: readonly { readonly seq: number; readonly state: string }[];
}

export async function writeSessionRows(tx: Sql, rows: readonly SessionRows[]): Promise<void> {
  const parts = rows.flatMap(partsOf);
  await Promise.all([
    writeSummaries(
      tx,
      rows.map(({ summary }) => summary),
    ),
    writeTimelines(tx, rows),
    writeSnapshots(tx, rows),
    addParts(tx, parts),
    addToDays(tx, parts),
  ]);
}

const SUMMARY = `session_id, project_id, key, agent, user_id, status, seq, started_at, last_activity, ended_at,
  end_reason, message_count, model_calls, tool_calls, failed_tool_calls, input_tokens, output_tokens, cost,
  last_user_message, last_response, last_role, intent, category, tags, listed_tags`;

/** A row that is there is replaced, and so are its tags and terms. */
export async function writeSummaries(tx: Sql, summaries: readonly SessionSummary[]): Promise<void> {
  const rows = jsonOf(summaries.map(fromSummary));
  const changes = SUMMARY.split(/,\s*/).map((column) => `${column} = excluded.${column}`);
  const written = tx.unsafe(
    `insert into agent_session_summary (${SUMMARY})
     select ${SUMMARY} from json_populate_recordset(null::agent_session_summary, $1::json)
     on conflict (session_id) do update set ${changes.join(', ')}`,
    [rows],
  );
  const removed = tx.unsafe('delete from agent_session_tags where session_id = any($1::uuid[])', [
    array(summaries.map(({ id }) => id)),
  ]);
  const tagged = tx.unsafe(
    `insert into agent_session_tags (session_id, tag, project_id, status, last_activity, agent, category, listed_tags)
     select distinct s.session_id, tag, s.project_id, s.status, s.last_activity, s.agent, s.category, s.listed_tags
       from json_populate_recordset(null::agent_session_summary, $1::json) s, unnest(s.tags) tag`,
    [rows],
  );
  await Promise.all([written, removed, tagged, writeTerms(tx, summaries)]);
}

/** Terms that stay as they are cost their index nothing. */
async function writeTerms(tx: Sql, summaries: readonly SessionSummary[]): Promise<void> {
  const rows = summaries.map(({ id, projectId, status, lastActivity, ...described }) => ({
    ...{ session_id: id, project_id: projectId, status, last_activity: lastActivity },
    terms: termsOf({ projectId, ...described }),
  }));
  await tx.unsafe(
    `insert into agent_session_terms (session_id, project_id, status, last_activity, terms)
     select session_id, project_id, status, last_activity, terms
       from json_populate_recordset(null::agent_session_terms, $1::json)
     on conflict (session_id) do update
        set status = excluded.status, last_activity = excluded.last_activity, terms = excluded.terms`,
    [jsonOf(rows)],
  );
}

const TIMELINE = 'session_id, seq, project_id, user_id, at, kind, content, execution_id, data';

export async function writeTimelines(
  tx: Sql,
  rows: readonly Pick<SessionRows, 'summary' | 'timeline'>[],
): Promise<void> {
  const lines = rows.flatMap(({ summary: { id, projectId, userId }, timeline }) =>
    timeline.map(({ executionId, ...line }) => ({
      ...line,
      session_id: id,
      project_id: projectId,
      user_id: userId,
      execution_id: executionId,
    })),
  );
  if (lines.length === 0) return;
  await tx.unsafe(
    `insert into message_timeline (${TIMELINE})
     select ${TIMELINE} from json_populate_recordset(null::message_timeline, $1::json)`,
    [jsonOf(lines)],
  );
}

async function writeSnapshots(tx: Sql, rows: readonly SessionRows[]): Promise<void> {
  const made = rows.flatMap(({ summary: { id, projectId }, snapshots }) =>
    snapshots.map((one) => ({ id, projectId, ...one })),
  );
  if (made.length === 0) return;
  await tx.unsafe(
    `insert into snapshots (stream_id, project_id, seq, version, state)
     select id, project_id, seq, $5, state::json
       from unnest($1::uuid[], $2::uuid[], $3::int[], string_to_array($4, e'\\x1e')) n (id, project_id, seq, state)
     on conflict (stream_id, seq) do update set version = excluded.version, state = excluded.state`,
    [
      array(made.map(({ id }) => id)),
      array(made.map(({ projectId }) => projectId)),
      array(made.map(({ seq }) => seq)),
      texts(made.map(({ state }) => state)),
      STATE_VERSION,
    ],
  );
}

/** What sessions add to days, as rows of `agent_performance_parts`. */
export function partsOf({ summary, days }: Pick<SessionRows, 'summary' | 'days'>): Row[] {
  const { id: session_id, projectId: project_id, agent } = summary;
  return days.map(({ day, counts }) => ({ session_id, project_id, agent, day, ...toColumns(counts) }));
}

const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const COUNT_COLUMNS = DAY_COUNTS.map(columnOf);

function toColumns(counts: DayCounts): Row {
  return Object.fromEntries(DAY_COUNTS.map((name) => [columnOf(name), counts[name]]));
}

export async function addParts(tx: Sql, parts: readonly Row[]): Promise<void> {
  if (parts.length === 0) return;
  const columns = ['session_id', 'day', 'project_id', 'agent', ...COUNT_COLUMNS].join(', ');
  await tx.unsafe(
    `insert into agent_performance_parts as p (${columns})
     select ${columns} from json_populate_recordset(null::agent_performance_parts, $1::json)
     on conflict (session_id, day) do update set ${COUNT_COLUMNS.map((one) => `${one} = p.${one} + excluded.${one}`).join(', ')}`,
    [jsonOf(parts)],
  );
}

/** Rows of days are locked in one order, so that two who add to the same days do not wait for each other. */
export async function addToDays(tx: Sql, parts: readonly Row[]): Promise<void> {
  if (parts.length === 0) return;
  const columns = ['project_id', 'agent', 'day', ...COUNT_COLUMNS].join(', ');
  const sums = COUNT_COLUMNS.map((one) => `sum(${one})`).join(', ');
  await tx.unsafe(
    `insert into agent_performance_daily as d (${columns})
     select project_id, agent, day, ${sums} from json_populate_recordset(null::agent_performance_parts, $1::json)
      group by project_id, agent, day order by project_id, agent, day
     on conflict (project_id, agent, day) do update set ${COUNT_COLUMNS.map((one) => `${one} = d.${one} + excluded.${one}`).join(', ')}`,
    [jsonOf(parts)],
  );
}

/** JSON that PostgreSQL can take apart: it has no text for U+0000 and halves of pairs. */
function jsonOf(rows: readonly Row[]): string {
  return JSON.stringify(rows, (_, value) => (typeof value === 'string' ? value.replace(/[\0\p{Cs}]/gu, ' ') : value));
}

-- Sessions (ports/sessions.ts): the head of each stream, whose events are in `events`, and what is made of them.
-- An append changes the head only; what is projected is written by whoever holds the advisory lock of the session.
create table sessions (
  id             uuid primary key,
  project_id     uuid not null,
  key            text not null,
  agent          text not null,
  user_id        text,
  seq            integer not null,
  projected_seq  integer not null default 0,
  -- Since when events wait to be projected (ms); later than now where that failed and is put off.
  pending_since  bigint not null,
  ended          boolean not null,
  started_at     bigint not null,
  last_activity  bigint not null,
  category       text,
  tags           text[],
  unique (project_id, key)
) with (fillfactor = 85);
create index sessions_pending on sessions (pending_since) where projected_seq < seq;

-- States of streams, every hundred events.
create table snapshots (
  stream_id   uuid not null,
  seq         integer not null,
  project_id  uuid not null,
  -- Form of the state.
  version     smallint not null,
  state       json not null,
  primary key (stream_id, seq)
);

create table agent_session_summary (
  session_id         uuid primary key,
  project_id         uuid not null,
  key                text not null,
  agent              text not null,
  user_id            text,
  status             text not null check (status in ('active', 'ended')),
  seq                integer not null,
  started_at         bigint not null,
  last_activity      bigint not null,
  ended_at           bigint,
  end_reason         text,
  message_count      integer not null,
  model_calls        integer not null,
  tool_calls         integer not null,
  failed_tool_calls  integer not null,
  input_tokens       bigint not null,
  output_tokens      bigint not null,
  cost               bigint not null,
  last_user_message  text,
  last_response      text,
  intent             text,
  category           text,
  tags               text[] not null
);
-- Lists are of the latest activity first. Each of these reads one in that order, for one status: a list of both is
-- two of them, merged.
create index agent_session_summary_project on agent_session_summary
  (project_id, status, last_activity desc, session_id desc);
create index agent_session_summary_user on agent_session_summary
  (project_id, user_id, status, last_activity desc, session_id desc);
create index agent_session_summary_agent on agent_session_summary
  (project_id, agent, status, last_activity desc, session_id desc);
create index agent_session_summary_category on agent_session_summary
  (project_id, category, status, last_activity desc, session_id desc);
create index agent_session_summary_agent_category on agent_session_summary
  (project_id, agent, category, status, last_activity desc, session_id desc);
-- To count those that are active.
create index agent_session_summary_active on agent_session_summary (agent) where status = 'active';

-- The tags of each session, with what lists are ordered and filtered by: those of a tag are read from the index alone.
create table agent_session_tags (
  session_id     uuid not null,
  tag            text not null,
  project_id     uuid not null,
  status         text not null,
  last_activity  bigint not null,
  agent          text not null,
  category       text,
  primary key (session_id, tag)
);
create index agent_session_tags_list on agent_session_tags
  (project_id, tag, status, last_activity desc, session_id desc) include (agent, category);

create table message_timeline (
  session_id    uuid not null,
  seq           integer not null,
  project_id    uuid not null,
  user_id       text,
  at            bigint not null,
  kind          text not null check (kind in ('user', 'agent', 'tool', 'thought', 'intent', 'context')),
  content       text not null,
  execution_id  uuid,
  data          json not null,
  search        tsvector generated always as (to_tsvector('simple', content)) stored,
  primary key (session_id, seq)
);
create index message_timeline_search on message_timeline using gin (search) where kind in ('user', 'agent', 'context');

-- What each session adds to a day: what was added can be taken back when it is made anew.
create table agent_performance_parts (
  session_id          uuid not null,
  day                 date not null,
  project_id          uuid not null,
  agent               text not null,
  sessions            integer not null,
  messages            integer not null,
  responses           integer not null,
  model_calls         integer not null,
  failed_model_calls  integer not null,
  tool_calls          integer not null,
  failed_tool_calls   integer not null,
  input_tokens        bigint not null,
  output_tokens       bigint not null,
  cost                bigint not null,
  latency_ms          bigint not null,
  primary key (session_id, day)
);
create index agent_performance_parts_agent on agent_performance_parts (project_id, agent, day);

create table agent_performance_daily (
  project_id          uuid not null,
  agent               text not null,
  day                 date not null,
  sessions            integer not null,
  messages            integer not null,
  responses           integer not null,
  model_calls         integer not null,
  failed_model_calls  integer not null,
  tool_calls          integer not null,
  failed_tool_calls   integer not null,
  input_tokens        bigint not null,
  output_tokens       bigint not null,
  cost                bigint not null,
  latency_ms          bigint not null,
  primary key (project_id, agent, day)
);
create index agent_performance_daily_day on agent_performance_daily (project_id, day desc, agent);

-- The schema after all migrations. Written by `npm run schema`; change it by a new file in migrations/.
-- Partitions by month are made by the server (partitions.ts).

create sequence message_places as bigint;

create sequence test_versions as integer;

create table agent_performance_daily (
  project_id uuid not null,
  agent text not null,
  day date not null,
  sessions integer not null,
  messages integer not null,
  responses integer not null,
  model_calls integer not null,
  failed_model_calls integer not null,
  tool_calls integer not null,
  failed_tool_calls integer not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost bigint not null,
  latency_ms bigint not null,
  constraint agent_performance_daily_pkey PRIMARY KEY (project_id, agent, day)
);
CREATE INDEX agent_performance_daily_day ON agent_performance_daily USING btree (project_id, day DESC, agent);

create table agent_performance_parts (
  session_id uuid not null,
  day date not null,
  project_id uuid not null,
  agent text not null,
  sessions integer not null,
  messages integer not null,
  responses integer not null,
  model_calls integer not null,
  failed_model_calls integer not null,
  tool_calls integer not null,
  failed_tool_calls integer not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost bigint not null,
  latency_ms bigint not null,
  constraint agent_performance_parts_pkey PRIMARY KEY (session_id, day)
);
CREATE INDEX agent_performance_parts_agent ON agent_performance_parts USING btree (project_id, agent, day);

create table agent_session_summary (
  session_id uuid not null,
  project_id uuid not null,
  key text not null,
  agent text not null,
  user_id text,
  status text not null,
  seq integer not null,
  started_at bigint not null,
  last_activity bigint not null,
  ended_at bigint,
  end_reason text,
  message_count integer not null,
  model_calls integer not null,
  tool_calls integer not null,
  failed_tool_calls integer not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost bigint not null,
  last_user_message text,
  last_response text,
  intent text,
  category text,
  tags text[] not null,
  last_role text,
  listed_tags text[],
  constraint agent_session_summary_pkey PRIMARY KEY (session_id),
  constraint agent_session_summary_last_role_check CHECK ((last_role = ANY (ARRAY['user'::text, 'agent'::text]))),
  constraint agent_session_summary_status_check CHECK ((status = ANY (ARRAY['active'::text, 'ended'::text])))
);
CREATE INDEX agent_session_summary_active ON agent_session_summary USING btree (agent) WHERE (status = 'active'::text);
CREATE INDEX agent_session_summary_agent ON agent_session_summary USING btree (project_id, agent, status, last_activity DESC, session_id DESC);
CREATE INDEX agent_session_summary_agent_category ON agent_session_summary USING btree (project_id, agent, category, status, last_activity DESC, session_id DESC);
CREATE INDEX agent_session_summary_category ON agent_session_summary USING btree (project_id, category, status, last_activity DESC, session_id DESC);
CREATE INDEX agent_session_summary_project ON agent_session_summary USING btree (project_id, status, last_activity DESC, session_id DESC);
CREATE INDEX agent_session_summary_user ON agent_session_summary USING btree (project_id, user_id, status, last_activity DESC, session_id DESC) INCLUDE (agent, category, listed_tags);
CREATE STATISTICS agent_session_summary_agents (dependencies, mcv) ON agent, category FROM agent_session_summary;

create table agent_session_tags (
  session_id uuid not null,
  tag text not null,
  project_id uuid not null,
  status text not null,
  last_activity bigint not null,
  agent text not null,
  category text,
  listed_tags text[],
  constraint agent_session_tags_pkey PRIMARY KEY (session_id, tag)
);
CREATE INDEX agent_session_tags_list ON agent_session_tags USING btree (project_id, tag, status, last_activity DESC, session_id DESC) INCLUDE (agent, category, listed_tags);

create table agent_session_terms (
  session_id uuid not null,
  project_id uuid not null,
  status text not null,
  last_activity bigint not null,
  terms bigint[] not null,
  constraint agent_session_terms_pkey PRIMARY KEY (session_id)
) with (fillfactor=60);
CREATE INDEX agent_session_terms_list ON agent_session_terms USING gin (terms) WITH (gin_pending_list_limit='256');

create table api_keys (
  id uuid not null,
  project_id uuid not null,
  name text not null,
  hash text not null,
  created_at timestamp with time zone not null default now(),
  role text not null,
  ending text,
  created_by text,
  expires_at bigint,
  last_used_at bigint,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_hash_key UNIQUE (hash),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'editor'::text, 'admin'::text, 'owner'::text])))
);
CREATE INDEX api_keys_project ON api_keys USING btree (project_id);

create table blobs (
  project_id uuid not null,
  hash text not null,
  size integer not null,
  data text not null,
  created_at timestamp with time zone not null default now(),
  constraint blobs_pkey PRIMARY KEY (project_id, hash)
);

create table broker_places (
  trigger_id uuid not null,
  group_name text not null,
  place text not null,
  project_id uuid not null,
  position bigint not null,
  constraint broker_places_pkey PRIMARY KEY (trigger_id, group_name, place)
);

create table budget_accounts (
  project_id uuid not null,
  name text not null,
  day text not null,
  currency text not null,
  scope text,
  key text,
  execution_id uuid,
  amount bigint,
  granted bigint not null default 0,
  spent bigint not null,
  reserved bigint not null,
  constraint budget_accounts_pkey PRIMARY KEY (project_id, name, day, currency)
);
CREATE INDEX budget_accounts_day ON budget_accounts USING btree (day) WHERE (day <> ''::text);
CREATE INDEX budget_accounts_execution ON budget_accounts USING btree (execution_id) WHERE (execution_id IS NOT NULL);

create table budget_grants (
  project_id uuid not null,
  account text not null,
  currency text not null,
  id text not null,
  execution_id uuid,
  amount bigint not null,
  day text not null default ''::text,
  constraint budget_grants_pkey PRIMARY KEY (project_id, account, day, currency, id)
);
CREATE INDEX budget_grants_execution ON budget_grants USING btree (execution_id) WHERE (execution_id IS NOT NULL);

create table budget_rules (
  project_id uuid not null,
  scope text not null,
  key text not null,
  per text not null,
  amount bigint not null,
  currency text not null,
  updated_at bigint not null,
  constraint budget_rules_pkey PRIMARY KEY (project_id, scope, key, per),
  constraint budget_rules_per_check CHECK ((per = ANY (ARRAY['total'::text, 'day'::text]))),
  constraint budget_rules_scope_check CHECK ((scope = ANY (ARRAY['project'::text, 'workflow'::text, 'session'::text, 'user'::text])))
);

create table circuit_breakers (
  project_id uuid not null,
  name text not null,
  state text not null default 'closed'::text,
  calls integer not null default 0,
  failures integer not null default 0,
  since bigint not null default 0,
  until bigint not null default 0,
  probe uuid,
  constraint circuit_breakers_pkey PRIMARY KEY (project_id, name),
  constraint circuit_breakers_state_check CHECK ((state = ANY (ARRAY['closed'::text, 'open'::text, 'half_open'::text])))
);

create table connections (
  id uuid not null,
  project_id uuid not null,
  name text not null,
  type text not null,
  config jsonb not null,
  secret_fields text[] not null,
  sealed bytea not null,
  key_version integer not null,
  created_at bigint not null,
  updated_at bigint not null,
  last_test jsonb,
  constraint connections_pkey PRIMARY KEY (id),
  constraint connections_project_id_name_key UNIQUE (project_id, name)
);
CREATE INDEX connections_key_version ON connections USING btree (key_version, id);

create table dead_letter_queue (
  id uuid not null,
  project_id uuid not null,
  source text not null,
  execution_id uuid,
  workflow_id uuid,
  version integer,
  trigger_id text,
  original_event json not null,
  error json not null,
  path text,
  attempts integer not null,
  category text not null,
  action text not null,
  fingerprint text not null,
  automatic boolean not null,
  status text not null,
  retries integer not null default 0,
  retry_at bigint,
  retried_as uuid,
  reviewed_by text,
  reviewed_at bigint,
  notes text,
  created_at bigint not null,
  failed_at bigint not null,
  updated_at bigint not null,
  blob text,
  constraint dead_letter_queue_pkey PRIMARY KEY (id),
  constraint dead_letter_queue_source_check CHECK ((source = ANY (ARRAY['execution'::text, 'message'::text]))),
  constraint dead_letter_queue_status_check CHECK ((status = ANY (ARRAY['NEW'::text, 'REVIEWED'::text, 'RETRIED'::text, 'ARCHIVED'::text])))
);
CREATE INDEX dead_letter_queue_blob ON dead_letter_queue USING btree (project_id, blob) WHERE (blob IS NOT NULL);
CREATE INDEX dead_letter_queue_cause ON dead_letter_queue USING btree (project_id, workflow_id, fingerprint, failed_at DESC, id DESC);
CREATE INDEX dead_letter_queue_due ON dead_letter_queue USING btree (retry_at) WHERE ((status = 'NEW'::text) AND (retry_at IS NOT NULL));
CREATE INDEX dead_letter_queue_new ON dead_letter_queue USING btree (project_id, category) WHERE (status = 'NEW'::text);
CREATE INDEX dead_letter_queue_project ON dead_letter_queue USING btree (project_id, failed_at DESC, id DESC);
CREATE INDEX dead_letter_queue_resolved ON dead_letter_queue USING btree (updated_at) WHERE (status = ANY (ARRAY['RETRIED'::text, 'ARCHIVED'::text]));
CREATE INDEX dead_letter_queue_status ON dead_letter_queue USING btree (project_id, status, failed_at DESC, id DESC);

create table dead_letter_rules (
  project_id uuid not null,
  category text not null,
  enabled boolean not null,
  delay_ms bigint not null,
  retry_limit integer not null,
  updated_at bigint not null,
  constraint dead_letter_rules_pkey PRIMARY KEY (project_id, category)
);

create table event_feed_entries (
  project_id uuid not null,
  id bigint not null generated always as identity,
  stream_id uuid not null,
  first_seq integer not null,
  last_seq integer not null,
  created_at timestamp with time zone not null default now(),
  constraint event_feed_entries_pkey PRIMARY KEY (project_id, id)
);

create table event_feeds (
  project_id uuid not null,
  connection text not null,
  type text not null,
  target json not null,
  error json,
  failures integer not null default 0,
  retry_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  constraint event_feeds_pkey PRIMARY KEY (project_id)
);

create table event_group_places (
  project_id uuid not null,
  name text not null,
  lane smallint not null,
  tx xid8 not null,
  id bigint not null,
  at bigint not null,
  moved_at bigint not null default 0,
  constraint event_group_places_pkey PRIMARY KEY (project_id, name, lane)
);

create table event_group_retries (
  project_id uuid not null,
  name text not null,
  id bigint not null,
  lane smallint not null,
  key text,
  event json not null,
  attempts integer not null,
  retry_at bigint,
  error json,
  created_at timestamp with time zone not null,
  constraint event_group_retries_pkey PRIMARY KEY (project_id, name, id)
);
CREATE INDEX event_group_retries_by_lane ON event_group_retries USING btree (project_id, name, lane, id);
CREATE INDEX event_group_retries_put_off ON event_group_retries USING btree (project_id, name, key, id) WHERE (retry_at IS NOT NULL);

create table event_groups (
  project_id uuid not null,
  name text not null,
  turn integer not null default 0,
  held_to bigint not null default 0,
  gone bigint not null default 0,
  constraint event_groups_pkey PRIMARY KEY (project_id, name)
);

create table event_schemas (
  id bigint not null generated always as identity,
  project_id uuid not null,
  type text not null,
  version integer not null,
  schema json not null,
  policy text not null,
  upcast json,
  created_at bigint not null,
  constraint event_schemas_pkey PRIMARY KEY (project_id, type, version),
  constraint event_schemas_policy_check CHECK ((policy = ANY (ARRAY['reject'::text, 'dead_letter'::text, 'allow'::text])))
);

create table events (
  stream_id uuid not null,
  seq integer not null,
  project_id uuid not null,
  type text not null,
  version smallint not null default 1,
  at bigint not null,
  data json,
  blob text,
  constraint events_pkey PRIMARY KEY (stream_id, seq)
) partition by RANGE (stream_id);
CREATE INDEX events_blob ON events USING btree (project_id, blob) WHERE (blob IS NOT NULL);

create table events_default partition of events DEFAULT;

create table execution_days (
  project_id uuid not null,
  workflow_id uuid not null,
  at bigint not null,
  hours json not null,
  durations text not null,
  constraint execution_days_pkey PRIMARY KEY (project_id, workflow_id)
);

create table execution_hours (
  project_id uuid not null,
  workflow_id uuid not null,
  at bigint not null,
  started integer not null,
  completed integer not null,
  failed integer not null,
  canceled integer not null,
  duration_ms bigint not null,
  durations text not null,
  compensated integer not null default 0,
  constraint execution_hours_pkey PRIMARY KEY (project_id, workflow_id, at)
);
CREATE INDEX execution_hours_at ON execution_hours USING btree (at);

create table execution_levels (
  project_id uuid not null,
  workflow_id uuid not null,
  span integer not null,
  at bigint not null,
  queued integer not null,
  held integer not null,
  running integer not null,
  waiting integer not null,
  constraint execution_levels_pkey PRIMARY KEY (project_id, workflow_id, span, at)
);
CREATE INDEX execution_levels_at ON execution_levels USING btree (span, at);

create table execution_minutes (
  project_id uuid not null,
  workflow_id uuid not null,
  at bigint not null,
  started integer not null,
  completed integer not null,
  failed integer not null,
  canceled integer not null,
  duration_ms bigint not null,
  durations text not null,
  compensated integer not null default 0,
  constraint execution_minutes_pkey PRIMARY KEY (project_id, workflow_id, at)
);
CREATE INDEX execution_minutes_at ON execution_minutes USING btree (at);

create table execution_minutes_settled (
  one boolean not null default true,
  up_to bigint not null,
  constraint execution_minutes_settled_pkey PRIMARY KEY (one),
  constraint execution_minutes_settled_one_check CHECK (one)
);

create table execution_reopenings (
  id bigint not null generated always as identity,
  project_id uuid not null,
  workflow_id uuid not null,
  ended_at bigint not null,
  constraint execution_reopenings_pkey PRIMARY KEY (id)
);

create table files (
  project_id uuid not null,
  hash text not null,
  media_type text not null,
  size integer not null,
  data bytea not null,
  created_at timestamp with time zone not null default now(),
  uploaded boolean not null default true,
  used_at timestamp with time zone not null default now(),
  constraint files_pkey PRIMARY KEY (project_id, hash)
);
CREATE INDEX files_unused ON files USING btree (used_at) WHERE (NOT uploaded);

create table flow_queue (
  execution_id uuid not null,
  project_id uuid not null,
  lane text not null,
  position bigint not null generated always as identity,
  depth integer not null,
  ticket json not null,
  since bigint not null default ((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint,
  queued_at bigint not null default ((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint,
  constraint flow_queue_pkey PRIMARY KEY (execution_id)
);
CREATE INDEX flow_queue_lane ON flow_queue USING btree (lane, "position");
CREATE INDEX flow_queue_project ON flow_queue USING btree (project_id);

create table flow_slots (
  lane text not null,
  execution_id uuid not null,
  project_id uuid not null,
  expires_at bigint,
  constraint flow_slots_pkey PRIMARY KEY (lane, execution_id) INCLUDE (expires_at)
);
CREATE INDEX flow_slots_execution ON flow_slots USING btree (execution_id);
CREATE INDEX flow_slots_expiry ON flow_slots USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX flow_slots_project ON flow_slots USING btree (project_id);

create table idempotency_keys (
  project_id uuid not null,
  key text not null,
  execution_id uuid not null,
  expires_at bigint not null,
  constraint idempotency_keys_pkey PRIMARY KEY (project_id, key)
);
CREATE INDEX idempotency_keys_execution ON idempotency_keys USING btree (execution_id);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys USING btree (expires_at);

create table message_ids (
  project_id uuid not null,
  hash text not null,
  expires_at bigint not null,
  constraint message_ids_pkey PRIMARY KEY (project_id, hash)
);
CREATE INDEX message_ids_expiry ON message_ids USING btree (expires_at);

create table message_lanes (
  lane smallint not null,
  tx xid8 not null default '0'::xid8,
  id bigint not null default 0,
  constraint message_lanes_pkey PRIMARY KEY (lane)
);

create table message_replays (
  id uuid not null,
  project_id uuid not null,
  filter json not null,
  workflow_id uuid not null,
  workflow_name text not null,
  version integer not null,
  trigger json,
  suppressed boolean not null,
  status text not null,
  position bigint not null,
  end_position bigint not null,
  total integer not null,
  started integer not null,
  skipped integer not null,
  refused integer not null,
  error json,
  created_at bigint not null,
  moved_at bigint not null,
  finished_at bigint,
  horizon xid8,
  constraint message_replays_pkey PRIMARY KEY (id)
);
CREATE INDEX message_replays_by_project ON message_replays USING btree (project_id, id);
CREATE INDEX message_replays_running ON message_replays USING btree (moved_at) WHERE (status = 'running'::text);

create table message_retries (
  id bigint not null,
  project_id uuid not null,
  lane smallint not null,
  key text,
  event json not null,
  attempts integer not null,
  retry_at bigint,
  error json,
  created_at timestamp with time zone not null,
  constraint message_retries_pkey PRIMARY KEY (id)
);
CREATE INDEX message_retries_by_lane ON message_retries USING btree (lane, id);
CREATE INDEX message_retries_put_off ON message_retries USING btree (project_id, key, id) WHERE (retry_at IS NOT NULL);

create table message_timeline (
  session_id uuid not null,
  seq integer not null,
  project_id uuid not null,
  user_id text,
  at bigint not null,
  kind text not null,
  content text not null,
  execution_id uuid,
  data json not null,
  search tsvector generated always as (to_tsvector('simple'::regconfig, content)) stored,
  constraint message_timeline_pkey PRIMARY KEY (session_id, seq),
  constraint message_timeline_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'agent'::text, 'tool'::text, 'model'::text, 'thought'::text, 'intent'::text, 'context'::text])))
);
CREATE INDEX message_timeline_search ON message_timeline USING gin (search) WHERE (kind = ANY (ARRAY['user'::text, 'agent'::text, 'context'::text]));

create table messages (
  project_id uuid not null,
  tx xid8 not null default pg_current_xact_id(),
  id bigint not null default nextval('message_places'::regclass),
  lane smallint not null,
  message_id text not null,
  type text not null,
  topic text,
  key text,
  event json not null,
  created_at timestamp with time zone not null default now()
) partition by RANGE (created_at);
CREATE INDEX messages_by_lane ON messages USING btree (lane, tx, id);
CREATE INDEX messages_by_project ON messages USING btree (project_id, id);

create table messages_default partition of messages DEFAULT;

create table model_calls (
  project_id uuid not null,
  execution_id uuid not null,
  place bigint not null generated always as identity,
  workflow_id uuid not null,
  path text not null,
  attempt integer not null,
  model text not null,
  session text,
  user_id text,
  status text not null,
  currency text not null,
  estimate bigint not null,
  cost bigint not null default 0,
  input_tokens bigint,
  output_tokens bigint,
  cached_tokens bigint,
  response_id text,
  accounts text[],
  started_at bigint not null,
  settled_at bigint,
  constraint model_calls_pkey PRIMARY KEY (execution_id, path, place),
  constraint model_calls_status_check CHECK ((status = ANY (ARRAY['open'::text, 'refused'::text, 'paid'::text, 'free'::text, 'unknown'::text])))
) with (fillfactor=70);
CREATE INDEX model_calls_project ON model_calls USING btree (project_id, started_at);
CREATE INDEX model_calls_session ON model_calls USING btree (project_id, session, started_at) WHERE (session IS NOT NULL);
CREATE INDEX model_calls_user ON model_calls USING btree (project_id, user_id, started_at) WHERE (user_id IS NOT NULL);
CREATE INDEX model_calls_workflow ON model_calls USING btree (project_id, workflow_id, started_at);

create table poll_items (
  trigger_id uuid not null,
  project_id uuid not null,
  item text not null,
  hash text not null,
  constraint poll_items_pkey PRIMARY KEY (trigger_id, item)
);

create table poll_states (
  trigger_id uuid not null,
  project_id uuid not null,
  workflow_id uuid not null,
  source text not null,
  due_at bigint,
  held_until bigint,
  turn bigint not null default 0,
  polled_at bigint,
  begun boolean not null default false,
  cursor json,
  failures integer not null default 0,
  error json,
  config text,
  gap_ms bigint,
  free_at bigint,
  constraint poll_states_pkey PRIMARY KEY (trigger_id)
);
CREATE INDEX poll_states_due ON poll_states USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX poll_states_workflow ON poll_states USING btree (workflow_id);

create table projects (
  id uuid not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint projects_pkey PRIMARY KEY (id),
  constraint projects_name_key UNIQUE (name)
);

create table prompt_heads (
  project_id uuid not null,
  name text not null,
  latest integer not null,
  active integer,
  constraint prompt_heads_pkey PRIMARY KEY (project_id, name)
);

create table prompts (
  project_id uuid not null,
  name text not null,
  version integer not null,
  text text not null,
  note text,
  created_at timestamp with time zone not null,
  constraint prompts_pkey PRIMARY KEY (project_id, name, version)
);

create table retention_pass (
  one boolean not null default true,
  started_at timestamp with time zone not null,
  heard_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  removed bigint not null default 0,
  constraint retention_pass_pkey PRIMARY KEY (one),
  constraint retention_pass_one_check CHECK (one)
);

create table schedules (
  trigger_id uuid not null,
  project_id uuid not null,
  workflow_id uuid not null,
  config json not null,
  next_at bigint,
  due_at bigint,
  last_at bigint,
  constraint schedules_pkey PRIMARY KEY (trigger_id)
);
CREATE INDEX schedules_due ON schedules USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX schedules_workflow ON schedules USING btree (workflow_id);

create table sessions (
  id uuid not null,
  project_id uuid not null,
  key text not null,
  agent text not null,
  user_id text,
  seq integer not null,
  projected_seq integer not null default 0,
  pending_since bigint not null,
  ended boolean not null,
  started_at bigint not null,
  last_activity bigint not null,
  category text,
  tags text[],
  reopened_seq integer not null default 0,
  idle_ms bigint,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_project_id_key_key UNIQUE (project_id, key)
) with (fillfactor=85);
CREATE INDEX sessions_idle ON sessions USING btree (idle_ms) WHERE ((idle_ms IS NOT NULL) AND (NOT ended));
CREATE INDEX sessions_pending ON sessions USING btree (pending_since) WHERE (projected_seq < seq);

create table sign_ins (
  hash text not null,
  project_id uuid not null,
  key_hash text not null,
  kind text not null,
  created_at bigint not null,
  expires_at bigint not null,
  constraint sign_ins_pkey PRIMARY KEY (hash),
  constraint sign_ins_kind_check CHECK ((kind = ANY (ARRAY['link'::text, 'browser'::text])))
);
CREATE INDEX sign_ins_key ON sign_ins USING btree (key_hash);

create table signals (
  id bigint not null generated always as identity,
  project_id uuid not null,
  execution_id uuid not null,
  type text not null,
  body json not null,
  created_at timestamp with time zone not null default now(),
  constraint signals_pkey PRIMARY KEY (id)
);
CREATE INDEX signals_execution ON signals USING btree (execution_id);

create table signing_keys (
  project_id uuid not null,
  key text not null,
  created_at timestamp with time zone not null default now(),
  constraint signing_keys_pkey PRIMARY KEY (project_id)
);

create table snapshots (
  stream_id uuid not null,
  seq integer not null,
  project_id uuid not null,
  version smallint not null,
  state json not null,
  constraint snapshots_pkey PRIMARY KEY (stream_id, seq)
);

create table timers (
  id uuid not null,
  project_id uuid not null,
  execution_id uuid not null,
  fire_at bigint not null,
  constraint timers_pkey PRIMARY KEY (id)
);
CREATE INDEX timers_due ON timers USING btree (fire_at);
CREATE INDEX timers_execution ON timers USING btree (execution_id);

create unlogged table token_chunks (
  project_id uuid not null,
  execution_id uuid not null,
  path text not null,
  attempt integer not null,
  start integer not null,
  text text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint token_chunks_pkey PRIMARY KEY (execution_id, path, attempt, start)
);
CREATE INDEX token_chunks_at ON token_chunks USING btree (at);
CREATE INDEX token_chunks_first ON token_chunks USING btree (execution_id) WHERE (start = 0);

create table trigger_states (
  trigger_id uuid not null,
  process uuid not null,
  project_id uuid not null,
  status text not null,
  error json,
  since bigint not null,
  last_message_at bigint,
  messages bigint not null default 0,
  lag bigint,
  heard_at timestamp with time zone not null default clock_timestamp(),
  constraint trigger_states_pkey PRIMARY KEY (trigger_id, process),
  constraint trigger_states_status_check CHECK ((status = ANY (ARRAY['starting'::text, 'running'::text, 'error'::text])))
);
CREATE INDEX trigger_states_process ON trigger_states USING btree (process);
CREATE INDEX trigger_states_project ON trigger_states USING btree (project_id);

create table triggers (
  id uuid not null,
  project_id uuid not null,
  workflow_id uuid not null,
  name text not null,
  type text not null,
  config json not null,
  event_group text generated always as (
CASE
    WHEN (type = 'event'::text) THEN COALESCE(('group/'::text || (config ->> 'group'::text)), (id)::text)
    ELSE NULL::text
END) stored,
  constraint triggers_pkey PRIMARY KEY (id),
  constraint triggers_workflow_id_name_key UNIQUE (workflow_id, name)
);
CREATE INDEX triggers_by_event_group ON triggers USING btree (project_id, event_group) WHERE (event_group IS NOT NULL);
CREATE INDEX triggers_listening ON triggers USING btree (type) WHERE (type <> ALL (ARRAY['webhook'::text, 'manual'::text]));

create table waits (
  id uuid not null,
  project_id uuid not null,
  execution_id uuid not null,
  workflow_id uuid,
  path text not null,
  kind text not null,
  event_key text,
  details json not null,
  assignees text[],
  due_at bigint,
  created_at bigint not null,
  closed_at bigint,
  closed_by text,
  answer json,
  message text,
  constraint waits_pkey PRIMARY KEY (id),
  constraint waits_closed_by_check CHECK ((closed_by = ANY (ARRAY['answer'::text, 'time'::text, 'execution'::text]))),
  constraint waits_kind_check CHECK ((kind = ANY (ARRAY['approval'::text, 'callback'::text, 'event'::text])))
);
CREATE INDEX waits_events ON waits USING btree (project_id, event_key, id) WHERE ((closed_at IS NULL) AND (kind = 'event'::text));
CREATE INDEX waits_execution ON waits USING btree (execution_id);
CREATE UNIQUE INDEX waits_message ON waits USING btree (execution_id, message) WHERE (message IS NOT NULL);
CREATE INDEX waits_open ON waits USING btree (project_id, kind, id DESC) WHERE (closed_at IS NULL);
CREATE INDEX waits_project ON waits USING btree (project_id, kind, id DESC);

create table webhook_deliveries (
  id uuid not null,
  project_id uuid not null,
  execution_id uuid not null,
  path text not null,
  attempt integer not null,
  connection text not null,
  type text not null,
  message_id text not null,
  status integer,
  error text,
  response text,
  duration_ms integer not null,
  at bigint not null,
  data text,
  blob text,
  repeats uuid,
  key text,
  constraint webhook_deliveries_pkey PRIMARY KEY (id)
);
CREATE INDEX webhook_deliveries_blob ON webhook_deliveries USING btree (project_id, blob) WHERE (blob IS NOT NULL);
CREATE INDEX webhook_deliveries_execution ON webhook_deliveries USING btree (execution_id);
CREATE UNIQUE INDEX webhook_deliveries_key ON webhook_deliveries USING btree (repeats, key) WHERE (key IS NOT NULL);
CREATE INDEX webhook_deliveries_project ON webhook_deliveries USING btree (project_id, id);

create table webhook_registrations (
  project_id uuid not null,
  path text not null,
  method text not null,
  trigger_id uuid not null,
  workflow_id uuid not null,
  constraint webhook_registrations_pkey PRIMARY KEY (project_id, path, method)
);
CREATE INDEX webhook_registrations_workflow ON webhook_registrations USING btree (workflow_id);

create table workers (
  id uuid not null,
  host text not null,
  pid integer not null,
  roles text not null,
  started_at timestamp with time zone not null default now(),
  heartbeat_at timestamp with time zone not null default now(),
  constraint workers_pkey PRIMARY KEY (id)
);

create table workflow_executions (
  id uuid not null,
  project_id uuid not null,
  workflow_id uuid not null,
  version integer not null,
  trigger_id text not null,
  status text not null,
  priority smallint not null,
  owner uuid,
  parent_id uuid,
  created_at bigint not null,
  started_at bigint,
  finished_at bigint,
  error json,
  held boolean not null default false,
  led_on_at bigint,
  constraint workflow_executions_pkey PRIMARY KEY (id)
) with (fillfactor=85);
CREATE INDEX workflow_executions_finished ON workflow_executions USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX workflow_executions_held ON workflow_executions USING btree (project_id, workflow_id, trigger_id) WHERE (held AND (status = 'pending'::text));
CREATE INDEX workflow_executions_owner ON workflow_executions USING btree (owner) WHERE (owner IS NOT NULL);
CREATE INDEX workflow_executions_project ON workflow_executions USING btree (project_id, id DESC);
CREATE INDEX workflow_executions_queue ON workflow_executions USING btree (project_id, ((created_at - (priority * 600000))), id) WHERE ((owner IS NULL) AND (NOT held) AND (status = ANY (ARRAY['pending'::text, 'running'::text, 'compensating'::text])));
CREATE INDEX workflow_executions_status ON workflow_executions USING btree (project_id, status, id DESC) WHERE (status <> 'completed'::text);
CREATE INDEX workflow_executions_workflow ON workflow_executions USING btree (project_id, workflow_id, id DESC);
CREATE INDEX workflow_executions_workflow_status ON workflow_executions USING btree (project_id, workflow_id, status, id DESC) WHERE (status <> 'completed'::text);

create table workflow_versions (
  workflow_id uuid not null,
  version integer not null,
  project_id uuid not null,
  definition json not null,
  created_at bigint not null,
  execution_id uuid,
  saved_by text,
  constraint workflow_versions_pkey PRIMARY KEY (workflow_id, version)
);
CREATE INDEX workflow_versions_execution ON workflow_versions USING btree (execution_id) WHERE (execution_id IS NOT NULL);

create table workflows (
  id uuid not null,
  project_id uuid not null,
  name text not null,
  version integer not null,
  status text not null,
  created_at bigint not null,
  updated_at bigint not null,
  retention json,
  constraint workflows_pkey PRIMARY KEY (id),
  constraint workflows_project_id_name_key UNIQUE (project_id, name),
  constraint workflows_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text])))
);

alter table api_keys add constraint api_keys_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);
alter table broker_places add constraint broker_places_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES triggers(id) ON DELETE CASCADE;
alter table poll_items add constraint poll_items_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES poll_states(trigger_id) ON DELETE CASCADE;
alter table poll_states add constraint poll_states_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES triggers(id) ON DELETE CASCADE;
alter table schedules add constraint schedules_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES triggers(id) ON DELETE CASCADE;
alter table sign_ins add constraint sign_ins_key_hash_fkey FOREIGN KEY (key_hash) REFERENCES api_keys(hash) ON DELETE CASCADE;
alter table sign_ins add constraint sign_ins_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);
alter table signing_keys add constraint signing_keys_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);
alter table triggers add constraint triggers_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);
alter table triggers add constraint triggers_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES workflows(id) ON DELETE CASCADE;
alter table webhook_registrations add constraint webhook_registrations_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);
alter table webhook_registrations add constraint webhook_registrations_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES triggers(id) ON DELETE CASCADE;
alter table webhook_registrations add constraint webhook_registrations_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES workflows(id) ON DELETE CASCADE;
alter table workflow_versions add constraint workflow_versions_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);
alter table workflows add constraint workflows_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id);

-- The books of paid calls and the budgets over them (ports/ledger.ts). Amounts are in nanos, a billionth of the unit of
-- the currency; times in milliseconds since the epoch.
create table model_calls (
  project_id     uuid not null,
  execution_id   uuid not null,
  -- Calls of an execution in the order they began.
  place          bigint generated always as identity,
  workflow_id    uuid not null,
  path           text not null,
  attempt        int not null,
  model          text not null,
  session        text,
  user_id        text,
  status         text not null check (status in ('open', 'refused', 'paid', 'free', 'unknown')),
  currency       text not null,
  estimate       bigint not null,
  cost           bigint not null default 0,
  input_tokens   bigint,
  output_tokens  bigint,
  cached_tokens  bigint,
  response_id    text,
  -- Names of the budgets that the definition sets.
  accounts       text[],
  started_at     bigint not null,
  settled_at     bigint,
  primary key (execution_id, path, place)
)
-- A call is written twice, open and settled: no index has what changes, and a page has room for the second.
with (fillfactor = 70);
create index model_calls_project on model_calls (project_id, started_at);
create index model_calls_workflow on model_calls (project_id, workflow_id, started_at);
create index model_calls_session on model_calls (project_id, session, started_at) where session is not null;
create index model_calls_user on model_calls (project_id, user_id, started_at) where user_id is not null;

create table budget_rules (
  project_id  uuid not null,
  scope       text not null check (scope in ('project', 'workflow', 'session', 'user')),
  -- `*`: each of them has the limit of its own.
  key         text not null,
  per         text not null check (per in ('total', 'day')),
  amount      bigint not null,
  currency    text not null,
  updated_at  bigint not null,
  primary key (project_id, scope, key, per)
);

-- Those of rules are sums over the books, made when a call first needs them and kept up by each that follows; without
-- a rule nobody keeps them up, so they go with it. Those of definitions belong to a call tree.
create table budget_accounts (
  project_id    uuid not null,
  name          text collate "C" not null,
  -- Of a daily rule; empty: ever.
  day           text collate "C" not null,
  currency      text collate "C" not null,
  -- Of a rule; null: the definition names it.
  scope         text,
  key           text,
  -- The execution whose call tree it limits.
  execution_id  uuid,
  -- Of a definition; a rule has its own.
  amount        bigint,
  granted       bigint not null default 0,
  spent         bigint not null,
  reserved      bigint not null,
  primary key (project_id, name, day, currency)
);
create index budget_accounts_execution on budget_accounts (execution_id) where execution_id is not null;
create index budget_accounts_day on budget_accounts (day) where day <> '';

-- What people have allowed a call tree besides; each id counts once.
create table budget_grants (
  project_id    uuid not null,
  account       text collate "C" not null,
  currency      text collate "C" not null,
  id            text not null,
  execution_id  uuid,
  amount        bigint not null,
  primary key (project_id, account, currency, id)
);
create index budget_grants_execution on budget_grants (execution_id) where execution_id is not null;

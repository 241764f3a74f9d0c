-- Browsers that may act for a project, and links that let one in. Only hashes of their tokens are kept.
create table sign_ins (
  -- SHA-256 in hex.
  hash        text primary key,
  project_id  uuid not null references projects (id),
  -- Of the API key that it descends from, and goes with.
  key_hash    text not null references api_keys (hash) on delete cascade,
  kind        text not null check (kind in ('link', 'browser')),
  created_at  bigint not null,
  expires_at  bigint not null
);
create index sign_ins_key on sign_ins (key_hash);

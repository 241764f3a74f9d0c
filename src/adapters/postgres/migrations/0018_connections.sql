-- Named ways to reach what is outside. What is secret of one is encrypted by the master key, which is not in here.
create table connections (
  id             uuid primary key,
  project_id     uuid not null,
  name           text not null,
  type           text not null,
  -- Fields that everybody may see.
  config         jsonb not null,
  -- Names of the secret fields that are set, so that a list decrypts nothing.
  secret_fields  text[] not null,
  -- AES-256-GCM: nonce, tag, ciphertext.
  sealed         bytea not null,
  key_version    int not null,
  created_at     bigint not null,
  updated_at     bigint not null,
  -- What the last test said: { ok, message, details, at }. Null since it was changed.
  last_test      jsonb,
  unique (project_id, name)
);

-- A rotation asks for what is sealed by other keys.
create index connections_key_version on connections (key_version, id);

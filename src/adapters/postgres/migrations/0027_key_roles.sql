-- What a key may, by whom it was made, when it ends and when it was last used. Those there are may everything, as before.
alter table api_keys
  add column role          text not null default 'owner'
    check (role in ('viewer', 'operator', 'editor', 'admin', 'owner')),
  -- The last characters of its secret.
  add column ending        text,
  -- Name of the key that made it, which may be gone.
  add column created_by    text,
  add column expires_at    bigint,
  -- Written once a minute at most.
  add column last_used_at  bigint;
-- A key that is made from now on says its role.
alter table api_keys alter column role drop default;
create index api_keys_project on api_keys (project_id);

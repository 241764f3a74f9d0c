-- Prompts of a project by name, and the binary content that its conversations have.

-- A version is never changed.
create table prompts (
  project_id  uuid not null,
  name        text not null,
  version     int not null,
  text        text not null,
  note        text,
  created_at  timestamptz not null,
  primary key (project_id, name, version)
);

create table prompt_heads (
  project_id  uuid not null,
  name        text not null,
  -- The highest number that was given: none is given again, not even after the prompt was deleted.
  latest      int not null,
  -- Null: it was deleted.
  active      int,
  primary key (project_id, name)
);

-- What is uploaded as a blob. The table `blobs` holds event data, and goes with its events; this stays.
create table files (
  project_id  uuid not null,
  -- SHA-256 in hex.
  hash        text not null,
  media_type  text not null,
  size        int not null,
  data        bytea not null,
  created_at  timestamptz not null default now(),
  primary key (project_id, hash)
);

-- Images and audio are compressed already.
alter table files alter column data set storage external;

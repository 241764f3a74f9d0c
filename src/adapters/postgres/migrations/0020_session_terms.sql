-- Sessions are found by their terms (session-terms.ts) where no index has a list in order. What hangs on time is in no
-- index here: activity changes a row in place, where its page has room. `terms` change with tags and category only.
create table agent_session_terms (
  session_id     uuid primary key,
  project_id     uuid not null,
  status         text not null,
  last_activity  bigint not null,
  terms          bigint[] not null
) with (fillfactor = 60);

insert into agent_session_terms (session_id, project_id, status, last_activity, terms)
select s.session_id, s.project_id, s.status, s.last_activity, coalesce(p.terms, '{}') || u.terms
  from agent_session_summary s
 cross join lateral (
   select array_agg(distinct ('x' || left(encode(sha256(convert_to(s.project_id || ' ' || word, 'UTF8')), 'hex'), 16))::bit(64)::bigint)
     from (select 'tag ' || tag from unnest(s.tags) tag
           union all values ('agent ' || s.agent), ('category ' || s.category)) o (word)
    where word is not null) w (words)
 cross join lateral (
   select ('x' || left(encode(sha256(convert_to(s.project_id || ' wide', 'UTF8')), 'hex'), 16))::bit(64)::bigint) h (wide)
 cross join lateral (
   select array_agg(one) || case when cardinality(w.words) > 14 then array_agg(one # h.wide) else (
            select array_agg(a # b) from unnest(w.words) a, unnest(w.words) b where a < b) end
     from unnest(w.words) one) p (terms)
 cross join lateral (
   select case when s.user_id is null then '{}' else
     array[('x' || left(encode(sha256(convert_to(s.project_id || ' user ' || s.user_id, 'UTF8')), 'hex'), 16))::bit(64)::bigint] end) u (terms)
 order by s.session_id;

-- What was added of late is looked through by every list, so it is put in order often.
create index agent_session_terms_list on agent_session_terms using gin (terms) with (gin_pending_list_limit = 256);

-- Tags with an agent and a category are found by their terms.
drop index agent_session_tags_agent_category;

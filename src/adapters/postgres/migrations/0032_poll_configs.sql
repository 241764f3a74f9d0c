-- What the trigger said when its row was written; null: nobody noted it. Where it says something else, it looks at once.
alter table poll_states add column config text;

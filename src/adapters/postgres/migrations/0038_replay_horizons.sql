-- The first transaction that had not begun when the replay did: it waits until all before it are over, since one of them
-- may have a message with a place that the replay would pass. Null: began before this was kept.
alter table message_replays add column horizon xid8;

-- What people grant budgets of the project too, on the day of a daily one. It goes with the account.
alter table budget_grants add column day text collate "C" not null default '';
alter table budget_grants drop constraint budget_grants_pkey;
alter table budget_grants add primary key (project_id, account, day, currency, id);

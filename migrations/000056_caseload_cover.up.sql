-- Cover of a whole caseload says whose it is, so that it is shown, and ended, as one.
alter table allocation add column covers_for bigint references account
	check (covers_for is null or (part = 'cover' and covers_for <> account_id));
create index allocation_covers_for on allocation (covers_for) where covers_for is not null;

-- Cover that has not begun is taken back: nobody saw anything by it. What was is kept.
create policy only_cover_to_come on allocation as restrictive for delete using (part = 'cover' and covers_for is not null);
grant delete on allocation to virtualschool_app;

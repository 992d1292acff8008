-- A form that was sent when its person had to show again who they are: kept until they have, so that no
-- word of it is lost and it is sent once. It is its person's own; the program clears up.
create table held_form (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	target text not null check (target like '/%'), -- where it was sent
	came_from text not null check (came_from like '/%'), -- the page it was on
	content_type text not null,
	body bytea not null check (octet_length(body) <= 16777216),
	held_at timestamptz not null
);
create index held_form_account on held_form (account_id, held_at);
alter table held_form enable row level security;
alter table held_form force row level security;
create policy own on held_form using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
	or (select current_setting('app.actor', true)) = '1');
grant select, insert, delete on held_form to virtualschool_app;

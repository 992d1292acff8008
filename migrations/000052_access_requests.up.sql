-- Somebody of a school or of social care asks for a child they should have. What they typed is theirs and the
-- team's; which child it was, if any, stands behind the wall in a table of its own.
create table access_request (
	id bigint generated always as identity primary key,
	asked_by bigint not null references account,
	asked_at timestamptz not null,
	setting_id bigint references setting, -- the school that asks; none for who is allocated
	name text not null check (name <> '' and length(name) <= 200),
	date_of_birth date not null,
	upn text not null default '' check (length(upn) <= 20),
	reference text not null default '' check (length(reference) <= 40),
	why text not null check (why <> '' and length(why) <= 1000),
	state text not null default 'asked' check (state in ('asked', 'given', 'refused')),
	decided_by bigint references account,
	decided_at timestamptz,
	note text not null default '' check (length(note) <= 1000), -- for the team alone
	check ((state = 'asked') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
	constraint access_request_not_ones_own check (decided_by <> asked_by)
);
create index access_request_asked_by on access_request (asked_by, asked_at);
create index access_request_waiting on access_request (asked_at) where state = 'asked';
alter table access_request enable row level security;
alter table access_request force row level security;
create policy asked on access_request using (
	asked_by = (select nullif(current_setting('app.actor', true), '')::bigint)
	or (select current_setting('app.scope', true) = 'all'));
grant select, insert, update (state, decided_by, decided_at, note) on access_request to virtualschool_app;

create table access_request_child (
	access_request_id bigint primary key references access_request,
	child_id bigint not null references child
);
create index access_request_child_child on access_request_child (child_id);
call protect_child_rows('access_request_child');
call append_only('access_request_child');
grant select, insert on access_request_child to virtualschool_app;

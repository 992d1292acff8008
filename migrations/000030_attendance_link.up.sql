-- One question to a school, asked by a link: is this child in? It works once, on its day, without an account.
create table attendance_link (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	setting_id bigint not null references setting,
	day date not null,
	session text not null check (session in ('AM', 'PM')),
	token_hash text not null unique, -- what opens it is kept nowhere
	made_by bigint not null references account,
	made_at timestamptz not null,
	expires_at timestamptz not null,
	revoked_at timestamptz,
	used_at timestamptz,
	used_key text, -- the form that used it: sent twice it is answered twice, as having worked
	check (expires_at > made_at),
	check (revoked_at is null or used_at is null),
	check ((used_at is null) = (used_key is null))
);
create index attendance_link_asked on attendance_link (child_id, setting_id, day);
call protect_child_rows('attendance_link');
call protect_own_setting('attendance_link');
grant select, insert, update on attendance_link to virtualschool_app;

-- Alternative provision: education elsewhere than at the school, for how many hours a week, and who went
-- to look whether it is good enough.
create table provision (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	place text not null check (length(place) between 1 and 200),
	registration text not null check (registration in ('registered', 'not_registered', 'not_known')),
	arranged_by text not null check (arranged_by in ('school', 'council', 'virtual_school')),
	purpose text not null default '' check (length(purpose) <= 4000),
	starts_on date not null,
	planned_end date,
	ended_on date, -- the first day it no longer took place
	hours int not null check (hours between 1 and 2400), -- minutes a week
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	version int not null default 1,
	check (planned_end is null or planned_end > starts_on),
	check (ended_on is null or ended_on > starts_on)
);
create index provision_child on provision (child_id, starts_on desc);
create index provision_running on provision (starts_on) where ended_on is null;
call protect_child_rows('provision');

-- Who checked its quality, when, and what they found.
create table provision_check (
	id bigint generated always as identity primary key,
	provision_id bigint not null references provision,
	child_id bigint not null references child,
	checked_on date not null,
	checked_by text not null check (length(checked_by) between 1 and 200),
	safe boolean not null, -- safeguarding checks of its staff were seen
	finding text not null check (finding in ('good', 'improve', 'weak')),
	words text not null check (length(words) between 1 and 4000),
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	unique (provision_id, checked_on)
);
create index provision_check_child on provision_check (child_id, checked_on desc);
call protect_child_rows('provision_check');
call append_only('provision_check');

grant select, insert, update on provision to virtualschool_app;
grant select, insert on provision_check to virtualschool_app;

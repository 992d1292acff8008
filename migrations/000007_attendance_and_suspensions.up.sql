-- Attendance by half term, and suspensions, as schools report them.

create table attendance_half_term (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	setting_id bigint not null references setting,
	academic_year int not null,
	half_term text not null check (half_term in ('A1', 'A2', 'Sp1', 'Sp2', 'Su1', 'Su2')),
	possible int not null check (possible between 0 and 100), -- sessions, half-days
	attended int not null check (attended >= 0), -- present, and at approved education elsewhere
	authorised int not null check (authorised >= 0),
	unauthorised int not null check (unauthorised >= 0),
	late int not null default 0 check (late >= 0 and late <= attended),
	source text not null,
	as_at date not null,
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	version int not null default 1,
	unique (child_id, setting_id, academic_year, half_term),
	constraint attendance_adds_up check (attended + authorised + unauthorised = possible)
);
call protect_child_rows('attendance_half_term');

create table suspension (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	setting_id bigint not null references setting,
	kind text not null check (kind in ('suspension', 'lunchtime', 'permanent_exclusion')),
	starts_on date not null,
	sessions int not null check (sessions between 1 and 90), -- half-days; a lunchtime counts as one
	reasons text[] not null check (cardinality(reasons) between 1 and 3),
	note text not null default '' check (length(note) <= 4000),
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	version int not null default 1,
	unique (child_id, setting_id, starts_on, kind)
);
create index suspension_child on suspension (child_id, starts_on desc);
call protect_child_rows('suspension');

grant select, insert, update on attendance_half_term, suspension to virtualschool_app;

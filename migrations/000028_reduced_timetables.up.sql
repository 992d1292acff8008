-- Reduced timetables: fewer hours a week at school than full time, why, for how long, and who agreed.
create table reduced_timetable (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	setting_id bigint not null references setting,
	starts_on date not null,
	planned_end date, -- none was set: the register says so as a fault
	ended_on date, -- the first day it no longer held
	outcome text check (outcome in ('full_time', 'other_provision', 'moved', 'stopped')),
	hours int not null, -- minutes a week, as they are now
	full_hours int not null check (full_hours between 60 and 2400),
	reason text not null check (reason in ('health', 'anxiety', 'reintegration', 'needs', 'placement', 'behaviour', 'other')),
	note text not null default '' check (length(note) <= 4000),
	way_back text not null default '' check (length(way_back) <= 4000), -- the plan back to full time
	carer_agreed_on date,
	worker_agreed_on date,
	virtual_school_agreed_on date,
	risk_assessed_on date,
	council_told_on date,
	next_review_on date,
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	version int not null default 1,
	check (hours >= 0 and hours < full_hours),
	check (planned_end is null or planned_end > starts_on),
	check ((ended_on is null) = (outcome is null)),
	constraint one_at_a_time exclude using gist (child_id with =, setting_id with =, daterange(starts_on, ended_on) with &&)
);
create index reduced_timetable_child on reduced_timetable (child_id, starts_on desc);
create index reduced_timetable_running on reduced_timetable (starts_on) where ended_on is null;
call protect_child_rows('reduced_timetable');

-- What a review found and decided. Its hours hold from its day; what they were before stays here.
create table reduced_timetable_review (
	id bigint generated always as identity primary key,
	timetable_id bigint not null references reduced_timetable,
	child_id bigint not null references child,
	held_on date not null,
	outcome text check (outcome in ('full_time', 'other_provision', 'moved', 'stopped')), -- none: it goes on
	was_hours int not null,
	hours int not null,
	words text not null check (length(words) between 1 and 4000),
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	unique (timetable_id, held_on)
);
create index reduced_timetable_review_child on reduced_timetable_review (child_id, held_on desc);
call protect_child_rows('reduced_timetable_review');
call append_only('reduced_timetable_review');

grant select, insert, update on reduced_timetable to virtualschool_app;
grant select, insert on reduced_timetable_review to virtualschool_app;

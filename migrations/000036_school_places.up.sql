-- The search for a school place. That a child has none is worked out from rolls; here stands what is done about it.
create table place_search (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	opened_on date not null, -- in the time without a place that it is about
	reason text not null check (reason in ('moved', 'into_care', 'arrived', 'excluded', 'refused', 'special', 'closed', 'other')),
	emergency boolean not null, -- the placement was made in an emergency
	note text not null default '' check (length(note) <= 4000),
	next_task text not null default '' check (length(next_task) <= 200),
	next_on date,
	next_by text not null default '' check (next_by in ('', 'advisor', 'support_advisor', 'social_worker', 'admissions', 'send')),
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	version int not null default 1,
	unique (child_id, opened_on),
	check ((next_task = '') = (next_on is null) and (next_task = '') = (next_by = ''))
);
call protect_child_rows('place_search');

-- What was done and answered on the way to a place: each school asked, its answer, the panel, a direction, an appeal.
create table place_step (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	kind text not null check (kind in ('asked', 'consulted', 'offered', 'refused', 'panel', 'panel_decided', 'direction', 'directed', 'appeal', 'appeal_decided',
		'visit', 'start', 'referred', 'other')),
	taken_on date not null,
	school text not null default '' check (length(school) <= 200), -- as it is called; empty: about no one school
	words text not null default '' check (length(words) <= 4000),
	mistaken boolean not null default false, -- entered by mistake: shown, never counted
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	version int not null default 1
);
create index place_step_child on place_step (child_id, taken_on desc);
call protect_child_rows('place_step');

grant select, insert, update on place_search, place_step to virtualschool_app;

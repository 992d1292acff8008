-- A suspension from the head teacher's decision to its end: who was told and when, what education the
-- child had meanwhile, what the governing board and the review panel decided, and that it was cancelled
-- or the child reinstated. A suspension is never deleted.

alter table suspension
	add column afternoon boolean not null default false, -- it begins after lunch
	add column decided_on date, -- by the head teacher; none: recorded before this was asked
	add column exam text not null default '' check (exam in ('', 'public_exam', 'national_test')), -- the child would miss one
	add column exam_on date,
	add column came_by text not null default 'not_said' check (came_by in ('not_said', 'school', 'letter', 'email', 'phone', 'carer')),
	add column state text not null default 'stands' check (state in ('stands', 'cancelled', 'reinstated')),
	add column ended_on date,
	add column served int check (served between 0 and 400), -- half-days out of school before it ended so
	add column ended_because text not null default '' check (length(ended_because) <= 4000),
	add column response text not null default '' check (length(response) <= 4000), -- what the Virtual School does
	add column pep_review_on date,
	add column return_meeting_on date,
	add constraint suspension_of_child unique (id, child_id),
	add constraint suspension_ended check ((state = 'stands') = (ended_on is null) and (state = 'stands') = (served is null)),
	drop constraint suspension_child_id_setting_id_starts_on_kind_key;
-- One that was cancelled may be followed by another from the same day.
create unique index suspension_once on suspension (child_id, setting_id, starts_on, kind) where state = 'stands';
create index suspension_starts on suspension (starts_on desc, id desc);

-- Who was told of it, or of its cancelling, and on which day. One line for each party; a correction stays in the audit.
create table suspension_notice (
	suspension_id bigint not null,
	child_id bigint not null,
	about text not null check (about in ('suspension', 'ending')),
	party text not null check (party in ('parents', 'social_worker', 'virtual_school', 'authority', 'governors', 'reviewing_officer')),
	told_on date not null,
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	primary key (suspension_id, about, party),
	foreign key (suspension_id, child_id) references suspension (id, child_id)
);
call protect_child_rows('suspension_notice');

-- Who is told by this program, in which part, and whether somebody in that part has read it.
create table suspension_reader (
	suspension_id bigint not null,
	child_id bigint not null,
	part text not null check (part in ('social_worker', 'advisor', 'head')),
	about text not null check (about in ('suspension', 'ending')),
	told_at timestamptz not null,
	read_at timestamptz,
	read_by bigint references account,
	primary key (suspension_id, part),
	foreign key (suspension_id, child_id) references suspension (id, child_id),
	check ((read_at is null) = (read_by is null))
);
create index suspension_reader_unread on suspension_reader (child_id) where read_at is null;
call protect_child_rows('suspension_reader');

-- What education the child has while out of school.
create table suspension_education (
	id bigint generated always as identity primary key,
	suspension_id bigint not null,
	child_id bigint not null,
	starts_on date not null,
	kind text not null check (kind in ('work_set', 'tutor', 'online', 'other_school', 'unit', 'alternative')),
	full_time boolean not null,
	words text not null default '' check (length(words) <= 1000),
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	foreign key (suspension_id, child_id) references suspension (id, child_id)
);
create index suspension_education_of on suspension_education (suspension_id, starts_on);
call protect_child_rows('suspension_education');

-- The governing board, the independent review panel, and the board once more when the panel asks.
create table suspension_review (
	suspension_id bigint not null,
	child_id bigint not null,
	body text not null check (body in ('board', 'panel', 'board_again')),
	asked_on date, -- parents' representations; their application for a review
	meets_on date,
	attending text not null default '' check (length(attending) <= 1000), -- for the Virtual School and the social worker
	outcome text not null default '' check (outcome in ('', 'upheld', 'reinstated', 'reconsider', 'quashed')),
	decided_on date,
	letter_on date, -- when parents were told of the decision in writing
	words text not null default '' check (length(words) <= 4000),
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	version int not null default 1,
	primary key (suspension_id, body),
	foreign key (suspension_id, child_id) references suspension (id, child_id),
	check ((outcome = '') = (decided_on is null)),
	check (outcome not in ('reconsider', 'quashed') or body = 'panel'),
	check (outcome <> 'reinstated' or body <> 'panel')
);
call protect_child_rows('suspension_review');

-- A school's own people write about their own school's suspensions only.
create function writes_for_setting(setting bigint) returns boolean
language sql stable as $body$
	select not exists (select from account where id = nullif(current_setting('app.actor', true), '')::bigint and role = 'school')
		or exists (select from account_setting s where s.account_id = nullif(current_setting('app.actor', true), '')::bigint
			and s.setting_id = setting and s.period @> nullif(current_setting('app.today', true), '')::date)
$body$;
create policy own_school_adds on suspension as restrictive for insert with check (writes_for_setting(setting_id));
create policy own_school_changes on suspension as restrictive for update using (true) with check (writes_for_setting(setting_id));

grant execute on function writes_for_setting to virtualschool_app;
grant select, insert, update on suspension_notice, suspension_reader, suspension_review to virtualschool_app;
grant select, insert, delete on suspension_education to virtualschool_app;

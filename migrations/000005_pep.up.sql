-- Personal Education Plans. What reports count is in typed columns; what a form asks is in pep_answer,
-- keyed by the question. 'Due', 'scheduled' and 'overdue' are worked out from dates and never stored.

create table pep (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	kind text not null check (kind in ('initial', 'termly', 'transition', 'emergency', 'closing')),
	form text not null, -- the form's name and the version it had when this plan began
	form_version int not null,
	academic_year int not null,
	term text not null check (term in ('autumn', 'spring', 'summer')),
	setting_id bigint references setting, -- where the child was on roll when it began; none: no school place
	state text not null default 'draft' check (state in ('draft', 'submitted', 'returned', 'signed_off', 'superseded', 'cancelled')),
	due_on date, -- by when its meeting was asked for when it began, by which rule and why
	due_rule text,
	due_since date,
	due_because text,
	meeting_on date,
	meeting_held boolean not null default false,
	next_meeting_on date,
	voice_words text,
	voice_how text check (voice_how in ('in_person', 'writing', 'drawing', 'app', 'phone', 'through_adult', 'declined')),
	voice_on date,
	voice_with text,
	started_by bigint not null references account,
	started_at timestamptz not null,
	submitted_by bigint references account,
	submitted_at timestamptz,
	returned_at timestamptz,
	return_reason text,
	signed_off_by bigint references account,
	signed_off_at timestamptz,
	cancel_reason text,
	version int not null default 1,
	unique (id, child_id),
	check (state not in ('submitted', 'signed_off', 'superseded') or submitted_at is not null),
	check (state not in ('signed_off', 'superseded') or (signed_off_at is not null and signed_off_by is not null and meeting_held)),
	check (state <> 'returned' or (returned_at is not null and return_reason <> '')),
	check ((state = 'cancelled') = (cancel_reason is not null)),
	check (not meeting_held or meeting_on is not null),
	check (next_meeting_on is null or meeting_on is null or next_meeting_on > meeting_on)
);
create unique index pep_one_a_term on pep (child_id, academic_year, term, kind) where state not in ('superseded', 'cancelled');
create index pep_child on pep (child_id, meeting_on desc);
create index pep_open on pep (state) where state in ('draft', 'submitted', 'returned');
call protect_child_rows('pep');

-- A plan is a set of sections, each with an owner (the form says whom) and a version of its own,
-- so that two people can write two sections at once.
create table pep_section (
	pep_id bigint not null,
	child_id bigint not null,
	section text not null,
	state text not null default 'open' check (state in ('open', 'complete')),
	completed_by bigint references account,
	completed_at timestamptz,
	saved_by bigint references account,
	saved_at timestamptz,
	version int not null default 1,
	primary key (pep_id, section),
	foreign key (pep_id, child_id) references pep (id, child_id),
	check ((state = 'complete') = (completed_at is not null))
);
call protect_child_rows('pep_section');

create table pep_answer (
	pep_id bigint not null,
	child_id bigint not null,
	section text not null,
	question text not null,
	value jsonb not null,
	source text not null default 'typed',
	as_at date,
	answered_by bigint not null references account,
	answered_at timestamptz not null,
	primary key (pep_id, question),
	foreign key (pep_id, section) references pep_section (pep_id, section),
	foreign key (pep_id, child_id) references pep (id, child_id)
);
call protect_child_rows('pep_answer');

create table pep_attendee (
	id bigint generated always as identity primary key,
	pep_id bigint not null,
	child_id bigint not null,
	position int not null,
	name text not null check (name <> ''),
	part text not null check (part in ('young_person', 'carer', 'parent', 'social_worker', 'designated_teacher', 'advisor', 'reviewing_officer', 'other')),
	present boolean not null, -- false: sent apologies
	foreign key (pep_id, child_id) references pep (id, child_id),
	unique (pep_id, position)
);
call protect_child_rows('pep_attendee');

create table pep_target (
	id bigint generated always as identity primary key,
	pep_id bigint not null,
	child_id bigint not null,
	position int not null,
	area text not null check (area in ('literacy', 'numeracy', 'other_subject', 'attendance', 'wellbeing', 'communication', 'independence', 'aspiration')),
	what text not null check (what <> ''),
	measure text not null default '',
	baseline text not null default '',
	owner text not null default '',
	resource text not null default '',
	due_on date,
	carried_from bigint references pep_target,
	foreign key (pep_id, child_id) references pep (id, child_id),
	unique (pep_id, position),
	unique (id, child_id)
);
create index pep_target_child on pep_target (child_id);
call protect_child_rows('pep_target');

-- How a target went, written in the plan that looks back at it: the plan that set it stays as it was.
create table pep_target_review (
	pep_id bigint not null,
	child_id bigint not null,
	target_id bigint not null,
	outcome text not null check (outcome in ('met', 'partly', 'not_met', 'carried_forward', 'withdrawn')),
	note text not null default '',
	reviewed_by bigint not null references account,
	reviewed_at timestamptz not null,
	primary key (pep_id, target_id),
	foreign key (pep_id, child_id) references pep (id, child_id),
	foreign key (target_id, child_id) references pep_target (id, child_id)
);
create index pep_target_review_target on pep_target_review (target_id);
call protect_child_rows('pep_target_review');

create table pep_action (
	id bigint generated always as identity primary key,
	pep_id bigint not null,
	child_id bigint not null,
	position int not null,
	what text not null check (what <> ''),
	owner text not null check (owner <> ''),
	due_on date not null,
	done_on date,
	foreign key (pep_id, child_id) references pep (id, child_id),
	unique (pep_id, position)
);
call protect_child_rows('pep_action');

-- What happened to a plan, in order.
create table pep_event (
	id bigint generated always as identity primary key,
	pep_id bigint not null,
	child_id bigint not null,
	event text not null check (event in ('started', 'meeting_set', 'meeting_held', 'submitted', 'returned', 'signed_off', 'superseded', 'cancelled')),
	words text not null default '',
	account_id bigint not null references account,
	at timestamptz not null,
	foreign key (pep_id, child_id) references pep (id, child_id)
);
create index pep_event_pep on pep_event (pep_id, at);
create index pep_event_child on pep_event (child_id, at);
call protect_child_rows('pep_event');
call append_only('pep_event');

-- A plan is for a child in care: never a child with a social worker only, never one who has left (R46).
create function require_care_period() returns trigger
language plpgsql as $body$
begin
	if not exists (select from care_period where child_id = new.child_id) then
		raise exception 'child % has no period of care', new.child_id
			using errcode = 'check_violation', constraint = 'needs_care_period';
	end if;
	return new;
end
$body$;
create trigger needs_care_period before insert on pep for each row execute function require_care_period();

-- A signed-off plan stays as it was signed: only its standing may change, to superseded.
create function pep_stays_signed() returns trigger
language plpgsql as $body$
begin
	if old.state in ('signed_off', 'superseded', 'cancelled')
		and not (old.state = 'signed_off' and new.state = 'superseded'
			and to_jsonb(new) - 'state' - 'version' = to_jsonb(old) - 'state' - 'version') then
		raise exception 'plan % is closed', old.id using errcode = 'check_violation', constraint = 'pep_closed';
	end if;
	return new;
end
$body$;
create trigger pep_stays_signed before update on pep for each row execute function pep_stays_signed();

-- The plan's row is held while a part of it changes, so that it cannot be signed in between.
create function pep_part_stays_signed() returns trigger
language plpgsql as $body$
declare
	plan bigint;
begin
	foreach plan in array case tg_op when 'DELETE' then array[old.pep_id] when 'INSERT' then array[new.pep_id] else array[old.pep_id, new.pep_id] end loop
		perform from pep where id = plan for share;
		if exists (select from pep where id = plan and state in ('signed_off', 'superseded', 'cancelled')) then
			raise exception 'plan % is closed', plan using errcode = 'check_violation', constraint = 'pep_closed';
		end if;
	end loop;
	return case when tg_op = 'DELETE' then old else new end;
end
$body$;

create trigger stays_signed before insert or update or delete on pep_section for each row execute function pep_part_stays_signed();
create trigger stays_signed before insert or update or delete on pep_answer for each row execute function pep_part_stays_signed();
create trigger stays_signed before insert or update or delete on pep_attendee for each row execute function pep_part_stays_signed();
create trigger stays_signed before insert or update or delete on pep_target for each row execute function pep_part_stays_signed();
create trigger stays_signed before insert or update or delete on pep_target_review for each row execute function pep_part_stays_signed();
-- An agreed action stays as agreed; that it was done is said later, in a signed-off plan too.
create trigger stays_signed before insert or delete on pep_action for each row execute function pep_part_stays_signed();
create trigger stays_agreed before update of pep_id, child_id, position, what, owner, due_on on pep_action for each row execute function pep_part_stays_signed();

grant select, insert, update on pep, pep_section, pep_answer, pep_attendee, pep_target, pep_target_review, pep_action to virtualschool_app;
grant delete on pep_answer, pep_attendee, pep_target, pep_target_review, pep_action to virtualschool_app;
grant select, insert on pep_event to virtualschool_app;

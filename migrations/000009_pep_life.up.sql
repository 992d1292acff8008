-- The life of a plan: quality assurance before sign-off, new editions of what was signed, pauses, plans
-- that a change of school left behind, and reminders.

alter table pep
	add qa_by bigint references account, -- the advisor who took it into quality assurance
	add qa_at timestamptz,
	add edition int not null default 1 check (edition >= 1),
	add edition_of bigint references pep, -- the first edition; none: this is it
	add reopened_from bigint references pep, -- the edition this one corrects
	add reopen_reason text,
	add replaced_by bigint references pep, -- the plan at the new school, when this one was left behind at the old
	drop constraint pep_state_check,
	drop constraint pep_check,
	add constraint pep_state_check check (state in ('draft', 'submitted', 'in_qa', 'returned', 'signed_off', 'superseded', 'cancelled')),
	add constraint pep_submitted check (state not in ('submitted', 'in_qa', 'signed_off', 'superseded') or submitted_at is not null),
	add constraint pep_in_qa check (state <> 'in_qa' or (qa_by is not null and qa_at is not null)),
	add constraint pep_edition check ((edition = 1) = (edition_of is null) and (edition_of is null) = (reopened_from is null)
		and (edition_of is null) = (reopen_reason is null) and reopen_reason <> ''),
	add constraint pep_replaced check (replaced_by is null or state = 'cancelled');

-- A child has one first edition a term of each kind, and one of each later edition.
drop index pep_one_a_term;
create unique index pep_one_a_term on pep (child_id, academic_year, term, kind) where state not in ('superseded', 'cancelled') and edition = 1;
create unique index pep_one_edition on pep (edition_of, edition) where state <> 'cancelled';
create index pep_replaced_by on pep (replaced_by) where replaced_by is not null;
drop index pep_open;
create index pep_open on pep (state) where state in ('draft', 'submitted', 'in_qa', 'returned');

-- A closed plan stays as it was; a plan cancelled for one at a new school is told which, once.
create or replace function pep_stays_signed() returns trigger
language plpgsql as $body$
begin
	if old.state in ('signed_off', 'superseded', 'cancelled')
		and not (old.state = 'signed_off' and new.state = 'superseded'
			and to_jsonb(new) - 'state' - 'version' = to_jsonb(old) - 'state' - 'version')
		and not (old.state = 'cancelled' and old.replaced_by is null
			and to_jsonb(new) - 'replaced_by' = to_jsonb(old) - 'replaced_by') then
		raise exception 'plan % is closed', old.id using errcode = 'check_violation', constraint = 'pep_closed';
	end if;
	return new;
end
$body$;

-- What can happen to a plan is named in the program; here it is only a word.
alter table pep_event drop constraint pep_event_event_check,
	add constraint pep_event_event_check check (event ~ '^[a-z_]+$');

-- Days that do not count towards a child's deadlines, with the reason. Ended early or late, the range
-- says what held.
create table pep_pause (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	period daterange not null check (not isempty(period) and not lower_inf(period) and not upper_inf(period)),
	reason text not null check (reason in ('hospital', 'missing', 'abroad', 'custody', 'bereavement', 'court', 'other')),
	words text not null default '',
	set_by bigint not null references account,
	set_at timestamptz not null,
	ended_by bigint references account, -- who changed its end
	ended_at timestamptz,
	version int not null default 1,
	check (reason <> 'other' or words <> ''),
	check ((ended_by is null) = (ended_at is null)),
	exclude using gist (child_id with =, period with &&)
);
call protect_child_rows('pep_pause');

-- Who was reminded of a child's plan, so that nobody is written to twice in a few days.
create table pep_reminder (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	pep_id bigint, -- none: the plan was still to be started
	account_id bigint not null references account, -- to whom
	sent_by bigint not null references account,
	sent_at timestamptz not null,
	foreign key (pep_id, child_id) references pep (id, child_id)
);
create index pep_reminder_child on pep_reminder (child_id, sent_at);
call protect_child_rows('pep_reminder');
call append_only('pep_reminder');

grant select, insert, update on pep_pause to virtualschool_app;
grant select, insert on pep_reminder to virtualschool_app;

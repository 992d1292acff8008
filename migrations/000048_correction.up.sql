-- What somebody says is wrong in a record, objects to or wants restricted (UK GDPR arts. 16, 18, 21). The
-- record is never overwritten for it: what was decided stands beside it, in words.
create table correction (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	kind text not null check (kind in ('correction', 'objection', 'restriction')),
	about text not null check (about in ('you', 'care', 'schools', 'plans', 'voice', 'attendance', 'suspensions', 'provision', 'money', 'notes', 'documents', 'people')),
	record_says text not null check (length(record_says) <= 4000),
	person_says text not null check (person_says <> '' and length(person_says) <= 4000),
	asked_by text not null check (asked_by in ('young_person', 'parent', 'carer', 'solicitor', 'other')),
	asked_name text not null check (asked_name <> '' and length(asked_name) <= 200),
	asked_on date not null,
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	outcome text check (outcome in ('agreed', 'partly', 'refused')), -- null: not decided
	note text not null default '' check (length(note) <= 4000), -- shown beside the record
	reasons text not null default '' check (length(reasons) <= 4000),
	decided_by bigint references account,
	decided_at timestamptz,
	lifted_on date, -- a restriction that was agreed holds until then
	lifted_why text not null default '' check (length(lifted_why) <= 2000),
	lifted_by bigint references account,
	version int not null default 1,
	check (kind <> 'correction' or record_says <> ''),
	check (num_nonnulls(outcome, decided_by, decided_at) in (0, 3)),
	check ((outcome is null) = (note = '') and (outcome is null) = (reasons = '')),
	check (num_nonnulls(lifted_on, lifted_by) in (0, 2) and (lifted_on is null) = (lifted_why = '')),
	check (lifted_on is null or kind = 'restriction' and outcome in ('agreed', 'partly'))
);
create index correction_child on correction (child_id);
call protect_child_rows('correction');

-- What was asked stays as it was asked, and what was decided as it was decided.
create function correction_stays() returns trigger
language plpgsql as $body$
begin
	if row(new.child_id, new.kind, new.about, new.record_says, new.person_says, new.asked_by, new.asked_name, new.asked_on, new.recorded_by, new.recorded_at)
			is distinct from row(old.child_id, old.kind, old.about, old.record_says, old.person_says, old.asked_by, old.asked_name, old.asked_on, old.recorded_by, old.recorded_at)
		or old.outcome is not null and row(new.outcome, new.note, new.reasons, new.decided_by, new.decided_at) is distinct from row(old.outcome, old.note, old.reasons, old.decided_by, old.decided_at)
		or old.lifted_on is not null then
		raise exception 'what was asked and decided stays' using errcode = 'restrict_violation', constraint = 'correction_stays';
	end if;
	return new;
end
$body$;
create trigger stays before update on correction for each row execute function correction_stays();

grant select, insert, update on correction to virtualschool_app;

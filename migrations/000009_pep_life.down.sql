create or replace function pep_stays_signed() returns trigger
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

drop table pep_reminder, pep_pause;

alter table pep_event drop constraint pep_event_event_check,
	add constraint pep_event_event_check check (event in ('started', 'meeting_set', 'meeting_held', 'submitted', 'returned', 'signed_off', 'superseded', 'cancelled')) not valid;

drop index pep_open, pep_replaced_by, pep_one_edition, pep_one_a_term;
alter table pep disable trigger pep_stays_signed;
update pep set state = 'submitted' where state = 'in_qa';
update pep set state = 'cancelled', cancel_reason = 'Edition ' || edition where edition > 1 and state <> 'cancelled';
alter table pep enable trigger pep_stays_signed;
alter table pep
	drop constraint pep_replaced, drop constraint pep_edition, drop constraint pep_in_qa, drop constraint pep_submitted, drop constraint pep_state_check,
	drop column replaced_by, drop column reopen_reason, drop column reopened_from, drop column edition_of, drop column edition, drop column qa_at, drop column qa_by,
	add constraint pep_state_check check (state in ('draft', 'submitted', 'returned', 'signed_off', 'superseded', 'cancelled')),
	add constraint pep_check check (state not in ('submitted', 'signed_off', 'superseded') or submitted_at is not null);
create unique index pep_one_a_term on pep (child_id, academic_year, term, kind) where state not in ('superseded', 'cancelled');
create index pep_open on pep (state) where state in ('draft', 'submitted', 'returned');

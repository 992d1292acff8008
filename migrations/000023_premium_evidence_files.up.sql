-- Evidence has its file beside it, money that was given back by mistake of entry is taken back again, and
-- a document belongs to a record that is there.

alter table premium_event
	drop constraint premium_event_event_check,
	add constraint premium_event_event_check check (event in ('drafted', 'asked', 'changed', 'first_approval', 'to_panel', 'returned', 'approved', 'part_approved',
		'refused', 'withdrawn', 'evidence', 'paid', 'payment_reversed', 'released', 'recovered', 'recovery_reversed'));

-- One piece of evidence is one file: another file is another piece.
create unique index document_of_evidence on document (subject_id) where subject = 'premium_evidence';

create function document_of_record() returns trigger
language plpgsql as $body$
declare
	there boolean;
begin
	execute format('select exists (select from %I where id = $1 and child_id = $2)', new.subject) into there using new.subject_id, new.child_id;
	if not there then
		raise exception 'a document belongs to a record about the same child' using errcode = 'check_violation', constraint = 'document_of_record';
	end if;
	return new;
end
$body$;
create trigger document_of_record before insert on document for each row execute function document_of_record();

drop trigger document_of_record on document;
drop function document_of_record;
drop index document_of_evidence;
alter table premium_event
	drop constraint premium_event_event_check,
	add constraint premium_event_event_check check (event in ('drafted', 'asked', 'changed', 'first_approval', 'to_panel', 'returned', 'approved', 'part_approved',
		'refused', 'withdrawn', 'evidence', 'paid', 'payment_reversed', 'released', 'recovered')) not valid;

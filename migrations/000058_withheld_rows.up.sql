-- A row of a file that names a child behind the wall is left out, and its sender reads what they would read about a
-- number that nobody has. That it came is told to those who answer for the record.
create table withheld_row (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	import_id bigint not null references import,
	found_at timestamptz not null,
	seen_by bigint references account,
	seen_at timestamptz,
	words text not null default '' check (length(words) <= 1000),
	check ((seen_by is null) = (seen_at is null)),
	unique (import_id, child_id)
);
create index withheld_row_child on withheld_row (child_id);
call protect_child_rows('withheld_row');
grant select, insert, update (seen_by, seen_at, words) on withheld_row to virtualschool_app;

-- Keeps that rows of a file named restricted or closed records which who brought it does not see, and gives whom to
-- tell: the head and the deputies named on those records, or where none is the head. Each file tells of a child once.
create function withhold(ids text[], of_import bigint, today date, at timestamptz) returns setof bigint
language plpgsql as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
	seen text[] := array(select la_child_id from child where la_child_id = any (ids));
	found bigint[];
	tell bigint[];
begin
	perform set_config('app.scope', 'all', true), set_config('app.hidden', '', true), set_config('app.placeless', '', true);
	with kept as (
		insert into withheld_row (child_id, import_id, found_at)
		select c.id, of_import, at from child c
		where c.la_child_id = any (ids) and c.la_child_id <> all (seen)
			and exists (select from restriction r where r.child_id = c.id and r.period @> today)
		on conflict (import_id, child_id) do nothing returning child_id)
	select array_agg(child_id) into found from kept;
	if cardinality(found) > 0 then
		tell := array(select distinct a.id from restriction_named n join account a on a.id = n.account_id
			where n.child_id = any (found) and n.period @> today and a.state = 'active' and a.role in ('head', 'deputy')
				and not exists (select from child_block b where b.child_id = n.child_id and b.account_id = a.id and b.period @> today));
		if cardinality(tell) = 0 then
			tell := array(select id from account where role = 'head' and state = 'active');
		end if;
	end if;
	perform enter(actor, today, at);
	return query select unnest(tell);
end
$body$;
revoke execute on function withhold from public;
grant execute on function withhold to virtualschool_app;

-- It goes with the record.
create or replace function deletion_order() returns text[]
language sql immutable parallel safe as
$$ select array[
	'premium_payment_line', 'wish_answer',
	'premium_approval', 'premium_event', 'premium_evidence', 'premium_evidence_day', 'premium_item', 'premium_panel_item', 'premium_transfer', 'wish',
	'pep_answer', 'pep_draft_words', 'pep_follow_up', 'pep_grading_mark', 'pep_invitation', 'pep_second_marking', 'pep_target_print', 'pep_target_review',
	'premium_request', 'voice_reply',
	'meeting_letter', 'pep_action', 'pep_attendee', 'pep_draft', 'pep_event', 'pep_grading', 'pep_reminder', 'pep_section', 'pep_target', 'print_run_plan',
	'provision_check', 'reduced_timetable_review', 'subject_access_file', 'subject_access_passage', 'subject_access_reading',
	'suspension_education', 'suspension_notice', 'suspension_reader', 'suspension_review', 'voice_link',
	'access_request_child', 'allocation', 'attendance_census', 'attendance_correction', 'attendance_day', 'attendance_half_term', 'attendance_link',
	'audit_change', 'audit_look', 'break_glass_child', 'care_period', 'care_review', 'category_of_need', 'child_as_returned', 'child_block', 'correction', 'document',
	'import_item', 'import_problem', 'legal_status', 'note', 'pep', 'pep_pause', 'place_search', 'place_step', 'placement', 'previous_permanence', 'protected_place',
	'provision', 'reduced_timetable', 'restriction', 'restriction_named', 'retention_hold', 'retention_proposal', 'risk_challenge', 'roll', 'sdq_assessment', 'sen_status',
	'subject_access', 'suspension', 'unusual_look', 'withheld_row'] $$;

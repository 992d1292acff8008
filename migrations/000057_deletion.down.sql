drop function delete_record(bigint, timestamptz);
drop trigger names_nobody on retention_proposal;
drop function retention_names_nobody();
drop function names_child(text, bigint);
drop function record_rows(bigint);
drop function deletion_order();
alter policy taken_back on attendance_day using (
	not exists (select from attendance_delivery d where d.id in (am_from, pm_from) and d.taken_back_at is null));
alter policy from_marks on attendance_half_term using (from_marks);
alter policy only_cover_to_come on allocation using (part = 'cover' and covers_for is not null);
alter policy draft_is_ones_own on premium_request
	using (state <> 'draft' or asked_by = nullif((select current_setting('app.actor', true)), '')::bigint);
alter policy own_or_left on pep_draft_words
	using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
		or handed_over
		or not reaches_child(account_id, child_id, (select nullif(current_setting('app.today', true), '')::date)));
drop trigger append_only on premium_transfer;
create trigger append_only before update or delete on premium_transfer for each row execute function refuse_change();
drop function premium_transfer_stays();
alter table premium_transfer drop column deletion_id;
create or replace function refuse_change() returns trigger
language plpgsql as $body$
begin
	raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end
$body$;
create or replace function pep_part_stays_signed() returns trigger
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
create or replace function premium_item_open() returns trigger
language plpgsql as $body$
begin
	if not exists (select from premium_request where id = coalesce(new.request_id, old.request_id) and state in ('draft', 'asked', 'returned')) then
		raise exception 'the request''s items stay as they were decided' using errcode = 'check_violation', constraint = 'premium_decided_once';
	end if;
	return coalesce(new, old);
end
$body$;
create or replace function subject_access_file_stays() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'DELETE' and exists (select from subject_access r where r.id = old.request_id
		and (r.state in ('open', 'closed') or r.expires_on <= nullif(current_setting('app.today', true), '')::date)) then
		return old;
	end if;
	raise exception 'a copy of a record stays as it was made' using errcode = 'restrict_violation', constraint = 'subject_access_file_stays';
end
$body$;
drop function being_deleted(bigint);
drop function audit_unproven_deletions();
create or replace function audit_hash(log text, from_transaction xid8, to_transaction xid8, previous bytea, out row_count bigint, out hash bytea)
language plpgsql stable as $body$
begin
	if log = 'change' then
		select count(*), sha256(coalesce(previous, '') || convert_to(coalesce(string_agg(
			encode(sha256(convert_to(jsonb_build_array(id, extract(epoch from at), account_id, child_id, subject, subject_id, action, before, after, request_id)::text, 'UTF8')), 'hex'),
			'' order by a.written_in, id), ''), 'UTF8'))
		into row_count, hash from audit_change a where a.written_in >= from_transaction and a.written_in < to_transaction;
	else
		select count(*), sha256(coalesce(previous, '') || convert_to(coalesce(string_agg(
			encode(sha256(convert_to(jsonb_build_array(id, extract(epoch from at), account_id, child_id, screen, request_id)::text, 'UTF8')), 'hex'),
			'' order by a.written_in, id), ''), 'UTF8'))
		into row_count, hash from audit_look a where a.written_in >= from_transaction and a.written_in < to_transaction;
	end if;
end
$body$;
drop table deletion_lines;
drop table deletion_requests;
drop table audit_tombstone;
drop table deletion;
drop function deletion_stays();

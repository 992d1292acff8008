-- A record whose time is over goes (R50), when one person has proposed it and a second has approved. What
-- stays is a certificate that names nobody, the ledger's entries without their child, and for each line of
-- the audit its fingerprint, so that the chain still proves what it proved.

-- The certificate.
create table deletion (
	id bigint generated always as identity primary key,
	deleting bigint unique, -- whose record, while the deletion runs and not a moment longer
	deleted_in xid8 not null default pg_current_xact_id(),
	proposal bigint not null unique, -- the number it had
	kind text not null check (kind in ('care', 'death', 'adoption', 'contact')), -- by which rule it was kept
	kept_until date not null,
	reason text not null,
	proposed_by bigint not null references account,
	proposed_at timestamptz not null,
	words text not null, -- of who approved
	approved_by bigint not null references account,
	approved_at timestamptz not null,
	deleted_by bigint not null references account,
	deleted_at timestamptz not null,
	removed jsonb not null default '{}', -- how many rows of which table
	constraint deletion_two_people check (approved_by <> proposed_by)
);
alter table deletion enable row level security;
alter table deletion force row level security;
create policy cohort on deletion using ((select current_setting('app.scope', true)) = 'all');

-- A certificate is written in one transaction and stays.
create function deletion_stays() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'UPDATE' and old.deleting is not null and new.deleting is null and old.deleted_in = pg_current_xact_id()
		and to_jsonb(new) - '{deleting,removed}'::text[] = to_jsonb(old) - '{deleting,removed}'::text[] then
		return new;
	end if;
	raise exception 'a certificate is never changed or removed' using errcode = 'restrict_violation', constraint = 'deletion_stays';
end
$body$;
create trigger append_only before update or delete on deletion for each row execute function deletion_stays();
create trigger append_only_truncate before truncate on deletion for each statement execute function refuse_change();
grant select on deletion to virtualschool_app;

-- What is left of a line of the audit: its place in the chain and the fingerprint that the seal was made of.
create table audit_tombstone (
	log text not null check (log in ('change', 'look')),
	id bigint not null,
	at timestamptz not null,
	written_in xid8 not null,
	row_hash bytea not null,
	deletion_id bigint not null references deletion,
	primary key (log, id)
);
create index audit_tombstone_sealing on audit_tombstone (log, written_in, id);
alter table audit_tombstone enable row level security;
alter table audit_tombstone force row level security;
create policy cohort on audit_tombstone using ((select current_setting('app.scope', true)) = 'all');
call append_only('audit_tombstone');
grant select on audit_tombstone to virtualschool_app;

create or replace function audit_hash(log text, from_transaction xid8, to_transaction xid8, previous bytea, out row_count bigint, out hash bytea)
language plpgsql stable as $body$
begin
	if log = 'change' then
		select count(*), sha256(coalesce(previous, '') || convert_to(coalesce(string_agg(encode(h.row_hash, 'hex'), '' order by h.written_in, h.id), ''), 'UTF8'))
		into row_count, hash from (
			select a.written_in, a.id, sha256(convert_to(jsonb_build_array(a.id, extract(epoch from a.at), a.account_id, a.child_id, a.subject, a.subject_id, a.action, a.before, a.after, a.request_id)::text, 'UTF8')) as row_hash
			from audit_change a where a.written_in >= from_transaction and a.written_in < to_transaction
			union all select t.written_in, t.id, t.row_hash from audit_tombstone t where t.log = 'change' and t.written_in >= from_transaction and t.written_in < to_transaction) h;
	else
		select count(*), sha256(coalesce(previous, '') || convert_to(coalesce(string_agg(encode(h.row_hash, 'hex'), '' order by h.written_in, h.id), ''), 'UTF8'))
		into row_count, hash from (
			select a.written_in, a.id, sha256(convert_to(jsonb_build_array(a.id, extract(epoch from a.at), a.account_id, a.child_id, a.screen, a.request_id)::text, 'UTF8')) as row_hash
			from audit_look a where a.written_in >= from_transaction and a.written_in < to_transaction
			union all select t.written_in, t.id, t.row_hash from audit_tombstone t where t.log = 'look' and t.written_in >= from_transaction and t.written_in < to_transaction) h;
	end if;
end
$body$;

-- The certificates that are not borne out: by a line of the audit, which is in the chain, that says the same
-- numbers, and by as many tombstones. Whoever puts a tombstone in the place of a line needs all three.
create function audit_unproven_deletions() returns setof bigint
language sql stable as $body$
	select d.id from deletion d
	cross join lateral (select count(*) filter (where t.log = 'change') as changes, count(*) filter (where t.log = 'look') as looks
		from audit_tombstone t where t.deletion_id = d.id) t
	where t.changes <> coalesce((d.removed ->> 'audit_change')::bigint, 0) or t.looks <> coalesce((d.removed ->> 'audit_look')::bigint, 0)
		or not exists (select from audit_change a where a.child_id is null and a.subject = 'deletion' and a.action = 'done'
			and a.subject_id = d.id::text and a.after -> 'removed' = d.removed)
	order by 1
$body$;

-- Whether a child's record is being deleted in this very transaction. The program cannot write the row that
-- says so; delete_record does, and takes it back when it is done.
create function being_deleted(child bigint) returns boolean
language sql stable as
$$ select exists (select from public.deletion d where d.deleting = child and d.deleted_in = pg_current_xact_id_if_assigned()) $$;

-- What else lets go of no row lets go of those.
create or replace function refuse_change() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'DELETE' and tg_level = 'ROW' and being_deleted((to_jsonb(old) ->> 'child_id')::bigint) then
		return old;
	end if;
	raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end
$body$;

create or replace function pep_part_stays_signed() returns trigger
language plpgsql as $body$
declare
	plan bigint;
begin
	if tg_op = 'DELETE' and being_deleted(old.child_id) then
		return old;
	end if;
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
	if tg_op = 'DELETE' and being_deleted(old.child_id) then
		return old;
	end if;
	if not exists (select from premium_request where id = coalesce(new.request_id, old.request_id) and state in ('draft', 'asked', 'returned')) then
		raise exception 'the request''s items stay as they were decided' using errcode = 'check_violation', constraint = 'premium_decided_once';
	end if;
	return coalesce(new, old);
end
$body$;

create or replace function subject_access_file_stays() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'DELETE' and (being_deleted(old.child_id) or exists (select from subject_access r where r.id = old.request_id
		and (r.state in ('open', 'closed') or r.expires_on <= nullif(current_setting('app.today', true), '')::date))) then
		return old;
	end if;
	raise exception 'a copy of a record stays as it was made' using errcode = 'restrict_violation', constraint = 'subject_access_file_stays';
end
$body$;

-- Money stays to the penny: an entry loses its child, its request and its words, and nothing else.
alter table premium_transfer add column deletion_id bigint references deletion, add check (deletion_id is null or child_id is null);
create index premium_transfer_deletion on premium_transfer (deletion_id) where deletion_id is not null;
create function premium_transfer_stays() returns trigger
language plpgsql as $body$
declare
	told text[] := '{child_id,request_id,reason,deletion_id}';
begin
	if tg_op = 'UPDATE' and being_deleted(old.child_id) and new.child_id is null and new.request_id is null
		and exists (select from deletion where id = new.deletion_id and deleting = old.child_id) and to_jsonb(new) - told = to_jsonb(old) - told then
		return new;
	end if;
	raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end
$body$;
drop trigger append_only on premium_transfer;
create trigger append_only before update or delete on premium_transfer for each row execute function premium_transfer_stays();

-- What the requests that went had come to, by grant and year, and the lines that went, by the remittance that
-- they were sums of: the books are compared with them.
create table deletion_requests (
	deletion_id bigint not null references deletion,
	stream text not null,
	financial_year int not null,
	committed_pence bigint not null,
	released_pence bigint not null,
	paid_pence bigint not null,
	primary key (deletion_id, stream, financial_year),
	foreign key (stream, financial_year) references premium_year
);
create table deletion_lines (
	deletion_id bigint not null references deletion,
	remittance_id bigint not null references premium_remittance,
	sum_pence bigint not null,
	paid_pence bigint not null,
	undone_pence bigint not null, -- not paid after all, or sent back by the bank
	primary key (deletion_id, remittance_id)
);
create index deletion_lines_remittance on deletion_lines (remittance_id);
alter table deletion_requests enable row level security;
alter table deletion_requests force row level security;
create policy cohort on deletion_requests using ((select current_setting('app.scope', true)) = 'all');
call append_only('deletion_requests');
alter table deletion_lines enable row level security;
alter table deletion_lines force row level security;
create policy cohort on deletion_lines using ((select current_setting('app.scope', true)) = 'all');
call append_only('deletion_lines');
grant select on deletion_requests, deletion_lines to virtualschool_app;

-- Policies that narrow what is removed, or seen by others, open for those rows too.
alter policy taken_back on attendance_day using (
	not exists (select from attendance_delivery d where d.id in (am_from, pm_from) and d.taken_back_at is null) or being_deleted(child_id));
alter policy from_marks on attendance_half_term using (from_marks or being_deleted(child_id));
alter policy only_cover_to_come on allocation using (part = 'cover' and covers_for is not null or being_deleted(child_id));
alter policy draft_is_ones_own on premium_request
	using (state <> 'draft' or asked_by = nullif((select current_setting('app.actor', true)), '')::bigint or being_deleted(child_id));
alter policy own_or_left on pep_draft_words
	using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
		or handed_over
		or not reaches_child(account_id, child_id, (select nullif(current_setting('app.today', true), '')::date))
		or being_deleted(child_id));

-- Every table with a child in it, those that refer to others before them. A test holds the list against the
-- catalogue: a new table is put in here, after looking at what else of the child it leads to.
create function deletion_order() returns text[]
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
	'subject_access', 'suspension', 'unusual_look'] $$;

-- How many rows of which table a record has, as far as the reader sees them.
create function record_rows(of_child bigint) returns jsonb
language plpgsql stable as $body$
declare
	name text;
	n bigint;
	found jsonb := '{}';
begin
	foreach name in array deletion_order() loop
		execute format('select count(*) from %I where child_id = $1', name) into n using of_child;
		if n > 0 then
			found := found || jsonb_build_object(name, n);
		end if;
	end loop;
	return found;
end
$body$;

-- Whether words name somebody: they stay on the certificate when the record is gone.
create function names_child(words text, of_child bigint) returns boolean
language sql stable as $body$
	select exists (select from child c, unnest(array[c.forename, c.surname, c.preferred_name, c.la_child_id, c.upn] || c.former_names) as name
		where c.id = of_child and length(plain_name(name)) > 1 and ' ' || plain_name(words) || ' ' like '% ' || plain_name(name) || ' %')
$body$;

create function retention_names_nobody() returns trigger
language plpgsql as $body$
begin
	if new.state in ('proposed', 'approved') and (names_child(new.reason, new.child_id) or names_child(new.words, new.child_id)) then
		raise exception 'the reason stays when the record is gone, and names nobody' using errcode = 'check_violation', constraint = 'retention_names_nobody';
	end if;
	return new;
end
$body$;
create trigger names_nobody before insert or update on retention_proposal for each row execute function retention_names_nobody();

-- Deletes a record, all of it, and gives the number of the certificate. Whoever asks must see the record and
-- be a head or a deputy; all that the proposal asked is asked once more, with the wall open, so that nothing
-- that the reader does not see is passed over.
create function delete_record(gone bigint, at timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
	today date := nullif(current_setting('app.today', true), '')::date;
	walls text[] := array['app.actor', 'app.scope', 'app.hidden', 'app.children', 'app.placed', 'app.placeless'];
	stood text[];
	asked retention_proposal;
	due record;
	certificate bigint;
	requests bigint[];
	glasses bigint[];
	counted jsonb := '{}';
	name text;
	n bigint;
begin
	perform from child where id = gone for update;
	if not found then
		raise exception 'no such record' using errcode = 'no_data_found', constraint = 'deletion_not_there';
	end if;
	if not exists (select from account where id = actor and state = 'active' and role in ('head', 'deputy')) then
		raise exception 'records are deleted by the head or the deputy' using errcode = 'insufficient_privilege', constraint = 'deletion_not_allowed';
	end if;

	select array_agg(coalesce(current_setting(w, true), '') order by o) into stood from unnest(walls) with ordinality u(w, o);
	perform set_config('app.actor', '1', true), set_config('app.scope', 'all', true), set_config('app.hidden', '', true),
		set_config('app.children', '', true), set_config('app.placed', array[gone]::text, true), set_config('app.placeless', '', true);

	select * into asked from retention_proposal where child_id = gone and state = 'approved' for update;
	if asked.id is null or asked.decided_by is null or asked.decided_by = asked.proposed_by then
		raise exception 'nobody has approved that the record is deleted' using errcode = 'check_violation', constraint = 'deletion_not_approved';
	end if;
	select * into due from retained() where child_id = gone and until = asked.kept_until and until < today;
	if due.child_id is null then
		raise exception 'the record is still to be kept' using errcode = 'check_violation', constraint = 'retention_not_due';
	end if;
	if cardinality(stands_against_deletion(gone)) > 0 then
		raise exception 'something stands against deleting the record' using errcode = 'check_violation', constraint = 'retention_stands_against';
	end if;
	if names_child(asked.reason, gone) or names_child(asked.words, gone) then
		raise exception 'the reason stays when the record is gone, and names nobody' using errcode = 'check_violation', constraint = 'retention_names_nobody';
	end if;

	-- Nobody writes down a look or a change meanwhile: it would be left behind.
	lock table audit_change, audit_look in share row exclusive mode;
	insert into deletion (deleting, proposal, kind, kept_until, reason, proposed_by, proposed_at, words, approved_by, approved_at, deleted_by, deleted_at)
	values (gone, asked.id, case when due.adopted_on is not null then 'adoption' when due.died_on < years_on(due.date_of_birth, 18) then 'death' when due.was_in_care then 'care' else 'contact' end,
		asked.kept_until, asked.reason, asked.proposed_by, asked.proposed_at, asked.words, asked.decided_by, asked.decided_at, actor, at) returning id into certificate;

	insert into audit_tombstone (log, id, at, written_in, row_hash, deletion_id)
	select 'change', a.id, a.at, a.written_in, sha256(convert_to(jsonb_build_array(a.id, extract(epoch from a.at), a.account_id, a.child_id, a.subject, a.subject_id, a.action, a.before, a.after, a.request_id)::text, 'UTF8')), certificate
	from audit_change a where a.child_id = gone
	union all
	select 'look', a.id, a.at, a.written_in, sha256(convert_to(jsonb_build_array(a.id, extract(epoch from a.at), a.account_id, a.child_id, a.screen, a.request_id)::text, 'UTF8')), certificate
	from audit_look a where a.child_id = gone;

	insert into deletion_requests select certificate, r.stream, r.financial_year, sum(r.committed_pence), sum(r.released_pence), sum(r.paid_pence)
	from premium_request r where r.child_id = gone and r.committed_pence > 0 group by r.stream, r.financial_year;
	insert into deletion_lines select certificate, l.remittance_id, sum(l.amount_pence), coalesce(sum(l.amount_pence) filter (where l.state = 'paid'), 0),
		coalesce(sum(l.amount_pence) filter (where l.state in ('not_paid', 'bounced')), 0)
	from premium_payment_line l where l.child_id = gone group by l.remittance_id;

	-- What tells of the child without its number: plans on paper for a day, what was typed to get at the record,
	-- and lines of files that have the authority's identifier.
	delete from print_file f using print_run_plan p where p.child_id = gone and f.run_id = p.run_id and f.number = p.file;
	select array_agg(access_request_id) into requests from access_request_child where child_id = gone;
	select array_agg(break_glass_id) into glasses from break_glass_child where child_id = gone;
	delete from import_item i using child c, import f where c.id = gone and f.id = i.import_id and f.kind <> 'gias' and i.child_id is null and left(i.key, 40) = left(c.la_child_id, 40);
	get diagnostics n = row_count;
	counted := counted || jsonb_build_object('import_item', n);
	delete from import_problem p using child c, import f where c.id = gone and f.id = p.import_id and f.kind <> 'gias' and p.child_id is null and left(p.about, 40) = left(c.la_child_id, 40);
	get diagnostics n = row_count;
	counted := counted || jsonb_build_object('import_problem', n);

	foreach name in array deletion_order() loop
		if name = 'premium_transfer' then
			update premium_transfer set child_id = null, request_id = null, reason = 'Of a record that was deleted', deletion_id = certificate where child_id = gone;
		else
			execute format('delete from %I where child_id = $1', name) using gone;
		end if;
		get diagnostics n = row_count;
		counted := counted || jsonb_build_object(name, n + coalesce((counted ->> name)::bigint, 0));
	end loop;
	delete from access_request where id = any (requests);
	delete from break_glass where id = any (glasses);
	delete from child where id = gone;

	-- A table that nobody has put into the list, and that no foreign key holds.
	for name in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'child_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition loop
		execute format('select count(*) from %I where child_id = $1', name) into n using gone;
		if n > 0 then
			raise exception '% rows of % are left', n, name using errcode = 'check_violation', constraint = 'deletion_left_something';
		end if;
	end loop;

	update deletion set deleting = null, removed = (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(counted) where value <> '0') where id = certificate;
	for n in 1 .. cardinality(walls) loop
		perform set_config(walls[n], stood[n], true);
	end loop;
	return certificate;
end
$body$;
revoke execute on function delete_record from public;
grant execute on function delete_record to virtualschool_app;

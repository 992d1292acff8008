-- Who changed what, and who looked at whom. Both only grow, are kept by month, and are sealed:
-- a seal is the hash of all rows of finished transactions since the seal before it, chained to that one.
-- Rows carry the number of the transaction that wrote them, because identity numbers alone do not
-- say whether an earlier one is still to come.

create table audit_change (
	id bigint generated always as identity,
	at timestamptz not null,
	account_id bigint not null,
	child_id bigint,
	subject text not null,
	subject_id text not null,
	action text not null,
	before jsonb,
	after jsonb,
	request_id text not null default '',
	written_in xid8 not null default pg_current_xact_id(),
	primary key (at, id)
) partition by range (at);
create index audit_change_child on audit_change (child_id, at desc);
create index audit_change_sealing on audit_change (written_in, id);

create table audit_look (
	id bigint generated always as identity,
	at timestamptz not null,
	account_id bigint not null,
	child_id bigint not null,
	screen text not null,
	request_id text not null default '',
	written_in xid8 not null default pg_current_xact_id(),
	primary key (at, id)
) partition by range (at);
create index audit_look_child on audit_look (child_id, at desc);
create index audit_look_account on audit_look (account_id, at desc);
create index audit_look_sealing on audit_look (written_in, id);

create table audit_change_default partition of audit_change default;
create table audit_look_default partition of audit_look default;

-- Makes the month's two partitions where they are missing. Owner's work, lent to the program. A month
-- that has rows already, in the default partition, stays there: nothing is moved.
create function audit_month(month date) returns void
language plpgsql security definer set search_path = public, pg_temp as $body$
declare
	first_day date := date_trunc('month', month);
	begins timestamptz := first_day::timestamp at time zone 'UTC';
	ends timestamptz := (first_day + interval '1 month') at time zone 'UTC';
	name text;
	kind text;
	begun boolean;
begin
	foreach kind in array array['audit_change', 'audit_look'] loop
		name := format('%s_%s', kind, to_char(first_day, 'YYYY_MM'));
		execute format('select exists (select from %I where at >= $1 and at < $2)', kind) into begun using begins, ends;
		if to_regclass(name) is null and not begun then
			execute format('create table %I partition of %I for values from (%L) to (%L)', name, kind, begins, ends);
			execute format('alter table %I enable row level security', name);
			execute format('alter table %I force row level security', name);
			-- Unlike the triggers for each row, this one does not come down from the log itself.
			execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', name);
		end if;
	end loop;
end
$body$;
revoke execute on function audit_month from public;
grant execute on function audit_month to virtualschool_app;
select audit_month(m::date) from generate_series(date '2026-09-01', date '2027-03-01', interval '1 month') m;
alter table audit_change_default enable row level security;
alter table audit_change_default force row level security;
alter table audit_look_default enable row level security;
alter table audit_look_default force row level security;
create trigger append_only_truncate before truncate on audit_change_default for each statement execute function refuse_change();
create trigger append_only_truncate before truncate on audit_look_default for each statement execute function refuse_change();

create table audit_seal (
	id bigint generated always as identity primary key,
	subject text not null check (subject in ('change', 'look')),
	from_transaction xid8 not null, -- this and later
	to_transaction xid8 not null, -- before this
	row_count bigint not null,
	hash bytea not null,
	sealed_at timestamptz not null,
	unique (subject, to_transaction)
);

-- The hash of a stretch of one log: each row hashed, the hashes in order, after the hash of the
-- stretch before. No row can go, come or change without every later seal failing. A row is hashed as a
-- JSON list, in which nothing can pass from one field to the next and what is missing has its place.
create function audit_hash(log text, from_transaction xid8, to_transaction xid8, previous bytea, out row_count bigint, out hash bytea)
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

-- Seals what finished transactions have written. One at a time; an empty stretch makes no seal.
create function audit_seal_now(now timestamptz) returns int
language plpgsql as $body$
declare
	log text;
	last audit_seal;
	made audit_seal;
	horizon xid8;
	sealed int := 0;
begin
	perform pg_advisory_xact_lock(hashtext('audit_seal'));
	horizon := pg_snapshot_xmin(pg_current_snapshot());
	foreach log in array array['change', 'look'] loop
		select * into last from audit_seal where subject = log order by id desc limit 1;
		select h.row_count, h.hash into made.row_count, made.hash
		from audit_hash(log, coalesce(last.to_transaction, '0'::xid8), horizon, last.hash) h;
		if made.row_count > 0 then
			insert into audit_seal (subject, from_transaction, to_transaction, row_count, hash, sealed_at)
			values (log, coalesce(last.to_transaction, '0'::xid8), horizon, made.row_count, made.hash, now);
			sealed := sealed + 1;
		end if;
	end loop;
	return sealed;
end
$body$;

-- The numbers of the seals that no longer fit what they sealed.
create function audit_broken_seals() returns setof bigint
language sql stable as $body$
	select s.id from (
		select s.*, lag(s.hash) over (partition by subject order by id) as previous,
			lag(s.to_transaction) over (partition by subject order by id) as previous_to
		from audit_seal s) s
	cross join lateral audit_hash(s.subject, s.from_transaction, s.to_transaction, s.previous) h
	where h.hash <> s.hash or h.row_count <> s.row_count
		or s.from_transaction <> coalesce(s.previous_to, '0'::xid8)
	order by 1
$body$;

call protect_child_rows('audit_change', 'child_id', childless => true);
call protect_child_rows('audit_look');
call append_only('audit_change');
call append_only('audit_look');
call append_only('audit_seal');
grant select, insert on audit_change, audit_look, audit_seal to virtualschool_app;
-- A person's own acts are written whatever they may read: a sign-in is about no child.
create policy own_act on audit_change for insert with check (account_id = (select nullif(current_setting('app.actor', true), '')::bigint));

-- Each grant is a ledger of its own, by financial year: Pupil Premium Plus for children in care, the
-- Early Years Pupil Premium and the post-16 grant are never mixed. Money that schools give back is
-- counted apart from what they were paid, and a closed year takes no more entries.

alter table premium_request drop constraint premium_request_financial_year_fkey;
alter table premium_transfer drop constraint premium_transfer_financial_year_fkey;
alter table premium_account drop constraint premium_account_financial_year_fkey;
alter table premium_year drop constraint premium_year_pkey;

alter table premium_year
	add column stream text not null default 'looked_after' check (stream in ('looked_after', 'early_years', 'post_16')),
	add column closed_at timestamptz,
	add column closed_by bigint references account,
	add primary key (stream, financial_year),
	add check ((closed_at is null) = (closed_by is null));

alter table premium_account add column stream text not null default 'looked_after',
	add foreign key (stream, financial_year) references premium_year,
	drop constraint premium_account_financial_year_kind_key,
	add unique (stream, financial_year, kind),
	drop constraint premium_account_kind_check,
	add constraint premium_account_kind_check check (kind in ('grant', 'pool', 'retained', 'committed', 'paid', 'recovered', 'returned')),
	drop constraint premium_never_overspent;
-- The grant gives and schools give back: what has come from them stands below nought. All else is filled first.
alter table premium_account add constraint premium_never_overspent
	check (case when kind in ('grant', 'recovered') then balance_pence <= 0 else balance_pence >= 0 end);

create or replace function premium_open_accounts() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
begin
	insert into premium_account (stream, financial_year, kind)
	select new.stream, new.financial_year, unnest(array['grant', 'pool', 'retained', 'committed', 'paid', 'recovered', 'returned']);
	return null;
end
$body$;
insert into premium_account (stream, financial_year, kind) select stream, financial_year, 'returned' from premium_year;

-- What became of an approved sum, kept by the trigger on transfers alone.
alter table premium_request
	add column stream text not null default 'looked_after',
	add foreign key (stream, financial_year) references premium_year,
	add column committed_pence bigint not null default 0,
	add column released_pence bigint not null default 0,
	add column paid_pence bigint not null default 0,
	add column recovered_pence bigint not null default 0,
	add constraint premium_request_never_overpaid check (committed_pence >= 0 and released_pence >= 0 and paid_pence >= 0 and recovered_pence >= 0
		and released_pence + paid_pence <= committed_pence and recovered_pence <= paid_pence),
	drop constraint premium_request_state_check,
	add constraint premium_request_state_check check (state in ('draft', 'asked', 'at_panel', 'returned', 'approved', 'part_approved', 'refused', 'withdrawn')),
	drop constraint premium_request_check3,
	add constraint premium_request_decided check (state in ('draft', 'asked', 'at_panel', 'withdrawn') or (decided_by is not null and decided_at is not null));
create index premium_request_year on premium_request (stream, financial_year, setting_id) where committed_pence > 0;

alter table premium_event
	drop constraint premium_event_event_check,
	add constraint premium_event_event_check check (event in ('drafted', 'asked', 'changed', 'first_approval', 'to_panel', 'returned', 'approved', 'part_approved',
		'refused', 'withdrawn', 'evidence', 'paid', 'payment_reversed', 'released', 'recovered'));

-- Rows of the ledger learn what kind of entry they are; nothing else of them changes.
alter table premium_transfer
	add column stream text not null default 'looked_after',
	add foreign key (stream, financial_year) references premium_year,
	add column kind text,
	add column journal boolean not null default false; -- an entry in a closed year, by the Virtual School Head with a reason
drop index premium_committed_once;

create function premium_entry(from_kind text, to_kind text) returns text
language sql immutable as $body$
	select case from_kind || '-' || to_kind
		when 'grant-pool' then 'income' when 'pool-grant' then 'income' when 'grant-retained' then 'income' when 'retained-grant' then 'income'
		when 'pool-retained' then 'retain' when 'retained-pool' then 'retain'
		when 'retained-paid' then 'spend' when 'paid-retained' then 'unspend'
		when 'pool-committed' then 'commit' when 'committed-pool' then 'release'
		when 'committed-paid' then 'pay' when 'paid-committed' then 'unpay'
		when 'recovered-pool' then 'recover' when 'pool-recovered' then 'unrecover'
		when 'pool-returned' then 'return' when 'returned-pool' then 'unreturn' end
$body$;

set local app.scope = 'all'; -- the rows are behind the wall for their owner too
alter table premium_transfer disable trigger append_only;
update premium_transfer t set kind = coalesce(premium_entry(f.kind, o.kind), 'income')
from premium_account f, premium_account o where f.id = t.from_account and o.id = t.to_account;
alter table premium_transfer enable trigger append_only;
alter table premium_transfer alter column kind set not null;
create unique index premium_committed_once on premium_transfer (request_id) where kind = 'commit';

create function premium_named() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
declare
	from_kind text;
	to_kind text;
	was premium_transfer;
begin
	select kind into from_kind from premium_account where id = new.from_account and stream = new.stream and financial_year = new.financial_year;
	select kind into to_kind from premium_account where id = new.to_account and stream = new.stream and financial_year = new.financial_year;
	if from_kind is null or to_kind is null then
		raise exception 'a transfer stays within one grant and financial year' using errcode = 'check_violation', constraint = 'premium_one_year';
	end if;
	new.kind := premium_entry(from_kind, to_kind);
	if new.kind is null then
		raise exception 'money does not go from % to %', from_kind, to_kind using errcode = 'check_violation', constraint = 'premium_path';
	end if;
	if new.kind in ('commit', 'release', 'pay', 'unpay', 'recover', 'unrecover') <> (new.request_id is not null) then
		raise exception 'entry % and its request do not agree', new.kind using errcode = 'check_violation', constraint = 'premium_of_request';
	end if;
	if new.made_by is distinct from nullif(current_setting('app.actor', true), '')::bigint then
		raise exception 'money is moved in another person''s name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	if new.reverses is not null then
		select * into was from premium_transfer where id = new.reverses;
		if was.from_account <> new.to_account or was.to_account <> new.from_account or was.amount_pence <> new.amount_pence
			or was.request_id is distinct from new.request_id or was.reverses is not null then
			raise exception 'a reversal is the whole entry the other way round' using errcode = 'check_violation', constraint = 'premium_reversal';
		end if;
	elsif new.kind in ('unpay', 'unspend', 'unrecover', 'unreturn') then
		raise exception 'entry % takes another back', new.kind using errcode = 'check_violation', constraint = 'premium_reversal';
	end if;
	return new;
end
$body$;
create trigger premium_named before insert on premium_transfer for each row execute function premium_named();

create or replace function premium_move() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
declare
	closed timestamptz;
begin
	-- Locks in one order, for all: the request, the year, its accounts by number. The locks leave room
	-- for the foreign keys' own.
	if new.request_id is not null then
		update premium_request set
			committed_pence = committed_pence + case new.kind when 'commit' then new.amount_pence else 0 end,
			released_pence = released_pence + case new.kind when 'release' then new.amount_pence else 0 end,
			paid_pence = paid_pence + case new.kind when 'pay' then new.amount_pence when 'unpay' then -new.amount_pence else 0 end,
			recovered_pence = recovered_pence + case new.kind when 'recover' then new.amount_pence when 'unrecover' then -new.amount_pence else 0 end
		where id = new.request_id and stream = new.stream and financial_year = new.financial_year;
		if not found then
			raise exception 'the request is of another grant or year' using errcode = 'check_violation', constraint = 'premium_one_year';
		end if;
	end if;
	-- Commitments belong to the days of the year; what follows from them is entered until the year is closed.
	select closed_at into closed from premium_year where stream = new.stream and financial_year = new.financial_year for share;
	if closed is not null and not (new.journal and exists (select from account where id = new.made_by and role = 'head')) then
		raise exception 'the year % is closed', new.financial_year using errcode = 'check_violation', constraint = 'premium_year_closed';
	end if;
	if new.made_on < make_date(new.financial_year, 4, 1)
		or (new.made_on >= make_date(new.financial_year + 1, 4, 1) and (new.kind = 'commit' or new.kind = 'income' and not new.journal)) then
		raise exception 'a transfer is made in its own financial year' using errcode = 'check_violation', constraint = 'premium_one_year';
	end if;
	if new.kind = 'commit' and not exists (select from premium_request where id = new.request_id and approved_pence = new.amount_pence
		and decided_by = new.made_by and stream = new.stream and financial_year = new.financial_year) then
		raise exception 'only an approved request commits money' using errcode = 'check_violation', constraint = 'premium_approved_first';
	end if;
	perform from premium_account where id in (new.from_account, new.to_account) order by id for no key update;
	update premium_account set balance_pence = balance_pence
		+ case when id = new.to_account then new.amount_pence else -new.amount_pence end
	where id in (new.from_account, new.to_account);
	return null;
end
$body$;

-- A closed request stays as it was decided; only the sums above follow its money.
create or replace function premium_decision() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'INSERT' then
		if new.state not in ('draft', 'asked') or new.decided_by is not null or new.committed_pence <> 0 or new.released_pence <> 0 or new.paid_pence <> 0 or new.recovered_pence <> 0 then
			raise exception 'a request is asked before it is decided' using errcode = 'check_violation', constraint = 'premium_asked_first';
		end if;
		return new;
	end if;
	if old.state in ('approved', 'part_approved', 'refused', 'withdrawn') then
		if to_jsonb(new) - '{committed_pence,released_pence,paid_pence,recovered_pence}'::text[] is distinct from
			to_jsonb(old) - '{committed_pence,released_pence,paid_pence,recovered_pence}'::text[] then
			raise exception 'request % is closed', old.id using errcode = 'check_violation', constraint = 'premium_decided_once';
		end if;
		return new;
	end if;
	if new.decided_by is not null and new.state <> 'withdrawn' then
		if new.decided_by is distinct from nullif(current_setting('app.actor', true), '')::bigint then
			raise exception 'request % is decided in another person''s name', old.id using errcode = 'check_violation', constraint = 'premium_own_name';
		end if;
		if exists (select from premium_event where request_id = new.id and account_id = new.decided_by and event in ('drafted', 'asked', 'changed')) then
			raise exception 'request % is decided by who asked', old.id using errcode = 'check_violation', constraint = 'premium_not_ones_own';
		end if;
	end if;
	return new;
end
$body$;

create or replace function premium_approved_is_committed() returns trigger
language plpgsql as $body$
begin
	if new.state in ('approved', 'part_approved') and not exists (select from premium_transfer t
		where t.request_id = new.id and t.kind = 'commit' and t.amount_pence = new.approved_pence) then
		raise exception 'request % is approved without its money', new.id using errcode = 'check_violation', constraint = 'premium_approved_is_committed';
	end if;
	return null;
end
$body$;

-- The year is closed once, in one's own name, and not opened again.
create function premium_close() returns trigger
language plpgsql as $body$
begin
	if old.closed_at is not null and to_jsonb(new) is distinct from to_jsonb(old) then
		raise exception 'the year % is closed', old.financial_year using errcode = 'check_violation', constraint = 'premium_year_closed';
	end if;
	if new.closed_by is distinct from old.closed_by and new.closed_by is distinct from nullif(current_setting('app.actor', true), '')::bigint then
		raise exception 'the year is closed in another person''s name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	return new;
end
$body$;
create trigger premium_close before update on premium_year for each row execute function premium_close();

revoke execute on function premium_named from public;

-- What was committed before the sums were kept.
update premium_request r set committed_pence = t.sum
from (select request_id, sum(amount_pence) as sum from premium_transfer where kind = 'commit' group by request_id) t where t.request_id = r.id;

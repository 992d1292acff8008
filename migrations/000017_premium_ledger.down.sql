-- Other grants than the first, and their money, cannot be told in the older form and go.
drop trigger premium_close on premium_year;
drop trigger premium_named on premium_transfer;
drop function premium_close, premium_named, premium_entry;
drop index premium_committed_once;
drop index premium_request_year;
alter table premium_transfer drop constraint premium_transfer_stream_financial_year_fkey, drop column stream, drop column kind, drop column journal;
alter table premium_request drop constraint premium_request_stream_financial_year_fkey, drop constraint premium_request_never_overpaid, drop constraint premium_request_decided,
	drop constraint premium_request_state_check, drop column stream, drop column committed_pence, drop column released_pence, drop column paid_pence, drop column recovered_pence,
	add constraint premium_request_state_check check (state in ('asked', 'returned', 'approved', 'part_approved', 'refused', 'withdrawn')),
	add constraint premium_request_check3 check (state in ('asked', 'withdrawn') or (decided_by is not null and decided_at is not null));
alter table premium_event drop constraint premium_event_event_check,
	add constraint premium_event_event_check check (event in ('asked', 'changed', 'returned', 'approved', 'part_approved', 'refused', 'withdrawn'));
alter table premium_account drop constraint premium_account_stream_financial_year_fkey, drop constraint premium_account_stream_financial_year_kind_key;
delete from premium_account where stream <> 'looked_after' or kind = 'returned';
delete from premium_year where stream <> 'looked_after';
alter table premium_account drop constraint premium_account_kind_check, drop constraint premium_never_overspent, drop column stream,
	add constraint premium_account_kind_check check (kind in ('grant', 'pool', 'retained', 'committed', 'paid', 'recovered')),
	add constraint premium_never_overspent check (kind = 'grant' or balance_pence >= 0),
	add unique (financial_year, kind);
alter table premium_year drop constraint premium_year_pkey, drop column stream, drop column closed_at, drop column closed_by, add primary key (financial_year);
alter table premium_account add foreign key (financial_year) references premium_year;
alter table premium_request add foreign key (financial_year) references premium_year;
alter table premium_transfer add foreign key (financial_year) references premium_year;
create unique index premium_committed_once on premium_transfer (request_id, to_account) where request_id is not null and reverses is null;

create or replace function premium_open_accounts() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
begin
	insert into premium_account (financial_year, kind)
	select new.financial_year, unnest(array['grant', 'pool', 'retained', 'committed', 'paid', 'recovered']);
	return null;
end
$body$;

create or replace function premium_decision() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'INSERT' then
		if new.state <> 'asked' or new.decided_by is not null then
			raise exception 'a request is asked before it is decided' using errcode = 'check_violation', constraint = 'premium_asked_first';
		end if;
		return new;
	end if;
	if old.state in ('approved', 'part_approved', 'refused', 'withdrawn') then
		raise exception 'request % is closed', old.id using errcode = 'check_violation', constraint = 'premium_decided_once';
	end if;
	if new.decided_by is not null and new.state <> 'withdrawn' then
		if new.decided_by is distinct from nullif(current_setting('app.actor', true), '')::bigint then
			raise exception 'request % is decided in another person''s name', old.id using errcode = 'check_violation', constraint = 'premium_own_name';
		end if;
		if exists (select from premium_event where request_id = new.id and account_id = new.decided_by and event in ('asked', 'changed')) then
			raise exception 'request % is decided by who asked', old.id using errcode = 'check_violation', constraint = 'premium_not_ones_own';
		end if;
	end if;
	return new;
end
$body$;

create or replace function premium_move() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
declare
	from_kind text;
	to_kind text;
begin
	perform from premium_account where id in (new.from_account, new.to_account)
		and financial_year = new.financial_year order by id for no key update;
	select kind into from_kind from premium_account where id = new.from_account and financial_year = new.financial_year;
	select kind into to_kind from premium_account where id = new.to_account and financial_year = new.financial_year;
	if from_kind is null or to_kind is null then
		raise exception 'a transfer stays within one financial year' using errcode = 'check_violation', constraint = 'premium_one_year';
	end if;
	if new.made_on < make_date(new.financial_year, 4, 1) or new.made_on >= make_date(new.financial_year + 1, 4, 1) then
		raise exception 'a transfer is made in its own financial year' using errcode = 'check_violation', constraint = 'premium_one_year';
	end if;
	if from_kind || '-' || to_kind <> all (array['grant-pool', 'pool-grant', 'grant-retained', 'retained-grant', 'pool-committed', 'committed-pool',
		'committed-paid', 'paid-committed', 'pool-recovered', 'committed-recovered', 'paid-recovered']) then
		raise exception 'money does not go from % to %', from_kind, to_kind using errcode = 'check_violation', constraint = 'premium_path';
	end if;
	if to_kind = 'committed' and from_kind = 'pool' and not exists (select from premium_request
		where id = new.request_id and approved_pence = new.amount_pence and decided_by = new.made_by) then
		raise exception 'only an approved request commits money' using errcode = 'check_violation', constraint = 'premium_approved_first';
	end if;
	update premium_account set balance_pence = balance_pence
		+ case when id = new.to_account then new.amount_pence else -new.amount_pence end
	where id in (new.from_account, new.to_account);
	return null;
end
$body$;

create or replace function premium_approved_is_committed() returns trigger
language plpgsql as $body$
begin
	if new.state in ('approved', 'part_approved') and not exists (
		select from premium_transfer t join premium_account a on a.id = t.to_account and a.kind = 'committed'
		where t.request_id = new.id and t.amount_pence = new.approved_pence) then
		raise exception 'request % is approved without its money', new.id using errcode = 'check_violation', constraint = 'premium_approved_is_committed';
	end if;
	return null;
end
$body$;

-- Pupil Premium Plus. Money moves only as transfers between accounts of one financial year:
-- grant → retained or pool → committed → paid or recovered. The database refuses to spend what is
-- not there, to decide one's own request and to decide twice.

create table premium_year (
	financial_year int primary key check (financial_year between 2011 and 2100), -- 2026 is 2026-27
	rate_pence bigint check (rate_pence > 0), -- none: the council has not entered it
	rate_source text,
	children_counted int check (children_counted >= 0),
	set_by bigint references account,
	set_at timestamptz,
	version int not null default 1,
	check ((rate_pence is null) = (rate_source is null)),
	check ((set_by is null) = (set_at is null))
);

-- The balance is kept by the trigger below and can never be wrong alone: it is the sum of the transfers.
create table premium_account (
	id bigint generated always as identity primary key,
	financial_year int not null references premium_year,
	kind text not null check (kind in ('grant', 'pool', 'retained', 'committed', 'paid', 'recovered')),
	balance_pence bigint not null default 0,
	unique (financial_year, kind),
	constraint premium_never_overspent check (kind = 'grant' or balance_pence >= 0)
);

-- A year comes with its six accounts, all empty; nobody makes or fills one by hand.
create function premium_open_accounts() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
begin
	insert into premium_account (financial_year, kind)
	select new.financial_year, unnest(array['grant', 'pool', 'retained', 'committed', 'paid', 'recovered']);
	return null;
end
$body$;
create trigger premium_open_accounts after insert on premium_year for each row execute function premium_open_accounts();

create table premium_request (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	setting_id bigint references setting,
	target_id bigint,
	financial_year int not null references premium_year,
	category text not null check (category in ('one_to_one_tuition', 'small_group', 'literacy', 'numeracy', 'speech_and_language',
		'therapeutic', 'mentoring', 'attendance', 'equipment', 'enrichment', 'exams', 'transition', 'staff_training', 'alternative_provision')),
	purpose text not null check (purpose <> '' and length(purpose) <= 4000),
	expected_difference text not null check (expected_difference <> '' and length(expected_difference) <= 4000),
	amount_pence bigint not null check (amount_pence > 0 and amount_pence <= 100000000),
	starts_on date,
	state text not null default 'asked' check (state in ('asked', 'returned', 'approved', 'part_approved', 'refused', 'withdrawn')),
	asked_by bigint not null references account,
	asked_at timestamptz not null, -- the first time: asked again after a return keeps its place in the queue
	approved_pence bigint check (approved_pence > 0),
	decided_by bigint references account,
	decided_at timestamptz,
	decision_reason text,
	version int not null default 1,
	foreign key (target_id, child_id) references pep_target (id, child_id),
	unique (id, child_id),
	constraint premium_not_ones_own check (decided_by <> asked_by),
	constraint premium_within_asked check (approved_pence <= amount_pence),
	check ((state in ('approved', 'part_approved')) = (approved_pence is not null)),
	check (state <> 'approved' or approved_pence = amount_pence),
	check (state <> 'part_approved' or approved_pence < amount_pence),
	check (state in ('asked', 'withdrawn') or (decided_by is not null and decided_at is not null)),
	check (state not in ('part_approved', 'refused', 'returned') or decision_reason <> '')
);
create index premium_request_child on premium_request (child_id, asked_at desc);
create index premium_request_queue on premium_request (asked_at, id) where state = 'asked';
call protect_child_rows('premium_request');
create trigger needs_care_period before insert on premium_request for each row execute function require_care_period();

-- What happened to a request, in order: asked, decided, asked again after a return.
create table premium_event (
	id bigint generated always as identity primary key,
	request_id bigint not null,
	child_id bigint not null,
	event text not null check (event in ('asked', 'changed', 'returned', 'approved', 'part_approved', 'refused', 'withdrawn')),
	amount_pence bigint,
	words text not null default '',
	account_id bigint not null references account,
	at timestamptz not null,
	foreign key (request_id, child_id) references premium_request (id, child_id)
);
create index premium_event_request on premium_event (request_id, at);
call protect_child_rows('premium_event');
call append_only('premium_event');

-- A request begins by waiting. Who decides is who is signed in, never one who asked or changed the
-- request, and a decision stays.
create function premium_decision() returns trigger
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
create trigger premium_decision before insert or update on premium_request for each row execute function premium_decision();

create table premium_transfer (
	id bigint generated always as identity primary key,
	financial_year int not null references premium_year,
	from_account bigint not null references premium_account,
	to_account bigint not null references premium_account,
	amount_pence bigint not null check (amount_pence > 0),
	request_id bigint,
	child_id bigint references child, -- none: money about no one child
	reason text not null check (reason <> ''),
	reverses bigint unique references premium_transfer,
	idempotency_key uuid not null unique,
	made_by bigint not null references account,
	made_at timestamptz not null,
	made_on date not null,
	foreign key (request_id, child_id) references premium_request (id, child_id),
	check (from_account <> to_account),
	check (request_id is null or child_id is not null)
);
create index premium_transfer_child on premium_transfer (child_id, made_at desc);
create index premium_transfer_year on premium_transfer (financial_year, id desc);
create index premium_transfer_request on premium_transfer (request_id) where request_id is not null;
-- One approval, one commitment: whatever else happens, a request is paid for once.
create unique index premium_committed_once on premium_transfer (request_id, to_account) where request_id is not null and reverses is null;
call protect_child_rows('premium_transfer', 'child_id', childless => true);
call append_only('premium_transfer');

-- Moves the money. Both accounts are locked in one order, so two transfers queue and never deadlock;
-- the lock leaves room for the foreign keys' own (FOR UPDATE would not).
create function premium_move() returns trigger
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
create trigger premium_move after insert on premium_transfer for each row execute function premium_move();

-- The other way round: nothing is approved without its money, when the transaction is done.
create function premium_approved_is_committed() returns trigger
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
create constraint trigger premium_approved_is_committed after insert or update on premium_request
	deferrable initially deferred for each row execute function premium_approved_is_committed();

grant select, insert, update on premium_year to virtualschool_app;
grant select, insert, update (target_id, financial_year, category, purpose, expected_difference, amount_pence, starts_on,
	state, approved_pence, decided_by, decided_at, decision_reason, version) on premium_request to virtualschool_app;
grant select on premium_account to virtualschool_app; -- balances move by transfer alone
grant select, insert on premium_event, premium_transfer to virtualschool_app;
revoke execute on function premium_move, premium_open_accounts from public;

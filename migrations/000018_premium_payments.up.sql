-- How approved money reaches a school and what the school shows for it: evidence, payment runs with a
-- remittance for each school, files for finance, and what finance says it paid. Money itself moves only
-- in the ledger; the rows here say for which line of which run.

create table premium_evidence (
	id bigint generated always as identity primary key,
	request_id bigint not null,
	child_id bigint not null,
	kind text not null check (kind in ('invoice', 'receipt', 'report')),
	amount_pence bigint not null check (amount_pence between 0 and 100000000), -- 0: it shows no sum
	dated_on date not null,
	note text not null default '' check (length(note) <= 4000),
	takes_back bigint unique references premium_evidence, -- recorded by mistake; none: a proof
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	foreign key (request_id, child_id) references premium_request (id, child_id)
);
create index premium_evidence_request on premium_evidence (request_id);
call protect_child_rows('premium_evidence');
call append_only('premium_evidence');

-- The day evidence was asked for by, where it is not the one the paying scheme gives. The latest holds.
create table premium_evidence_day (
	id bigint generated always as identity primary key,
	request_id bigint not null,
	child_id bigint not null,
	due_on date not null,
	reason text not null check (reason <> '' and length(reason) <= 4000),
	set_by bigint not null references account,
	set_at timestamptz not null,
	foreign key (request_id, child_id) references premium_request (id, child_id)
);
create index premium_evidence_day_request on premium_evidence_day (request_id, id desc);
call protect_child_rows('premium_evidence_day');
call append_only('premium_evidence_day');

create function premium_evidence_given() returns trigger
language plpgsql as $body$
declare
	was premium_evidence;
begin
	if not exists (select from premium_request where id = new.request_id and committed_pence > 0) then
		raise exception 'evidence is for money that was approved' using errcode = 'check_violation', constraint = 'premium_approved_first';
	end if;
	if new.takes_back is not null then
		select * into was from premium_evidence where id = new.takes_back;
		if was.request_id <> new.request_id or was.amount_pence <> new.amount_pence or was.takes_back is not null or new.note = '' then
			raise exception 'what is taken back is taken back whole, with a reason' using errcode = 'check_violation', constraint = 'premium_evidence_whole';
		end if;
	end if;
	return new;
end
$body$;
create trigger premium_evidence_given before insert on premium_evidence for each row execute function premium_evidence_given();

-- A run pays one grant of one financial year. The sums of runs and remittances are kept by the trigger on lines.
create table premium_payment_run (
	id bigint generated always as identity primary key,
	stream text not null,
	financial_year int not null,
	number int not null check (number > 0),
	reference text not null unique check (reference <> ''),
	state text not null default 'made' check (state in ('made', 'sent', 'set_aside')),
	line_count int not null default 0,
	sum_pence bigint not null default 0,
	made_by bigint not null references account,
	made_at timestamptz not null,
	sent_by bigint references account,
	sent_at timestamptz,
	set_aside_by bigint references account,
	set_aside_at timestamptz,
	set_aside_reason text,
	foreign key (stream, financial_year) references premium_year,
	unique (stream, financial_year, number),
	check ((state = 'sent') = (sent_at is not null) and (sent_at is null) = (sent_by is null)),
	check ((state = 'set_aside') = (set_aside_at is not null) and (set_aside_at is null) = (set_aside_by is null) and (set_aside_at is null) = (set_aside_reason is null)),
	check (set_aside_reason <> '')
);

-- What one school is paid in a run. Its sum is what reaches the school's account, so it stays the same
-- whichever children the reader may see.
create table premium_remittance (
	id bigint generated always as identity primary key,
	run_id bigint not null references premium_payment_run,
	setting_id bigint references setting, -- none: the Virtual School buys it itself
	payee text not null check (payee <> ''),
	urn int,
	line_count int not null default 0,
	sum_pence bigint not null default 0,
	unique nulls not distinct (run_id, setting_id)
);
create index premium_remittance_setting on premium_remittance (setting_id, id desc);

create table premium_payment_line (
	id bigint generated always as identity primary key,
	run_id bigint not null references premium_payment_run,
	remittance_id bigint not null references premium_remittance,
	request_id bigint not null,
	child_id bigint not null,
	reference text not null unique check (reference <> ''),
	amount_pence bigint not null check (amount_pence > 0),
	evidence_due_on date, -- none: it came before the money, or is not asked for
	state text not null default 'open' check (state in ('open', 'paid', 'not_paid', 'bounced')),
	paid_on date,
	payment_reference text check (payment_reference <> ''),
	pay_transfer bigint unique references premium_transfer,
	paid_by bigint references account,
	paid_at timestamptz,
	undone_reason text check (undone_reason <> ''),
	unpay_transfer bigint unique references premium_transfer,
	undone_by bigint references account,
	undone_at timestamptz,
	foreign key (request_id, child_id) references premium_request (id, child_id),
	unique (run_id, request_id),
	check ((state in ('paid', 'bounced')) = (pay_transfer is not null) and (pay_transfer is null) = (paid_on is null)
		and (paid_on is null) = (payment_reference is null) and (paid_on is null) = (paid_by is null) and (paid_on is null) = (paid_at is null)),
	check ((state in ('not_paid', 'bounced')) = (undone_reason is not null) and (undone_reason is null) = (undone_by is null) and (undone_reason is null) = (undone_at is null)),
	check ((state = 'bounced') = (unpay_transfer is not null))
);
create index premium_payment_line_request on premium_payment_line (request_id);
create index premium_payment_line_remittance on premium_payment_line (remittance_id);
call protect_child_rows('premium_payment_line');

-- What waits to be paid of a request: lines that finance has not answered yet, of runs not set aside.
create function premium_in_payment(request bigint) returns bigint
language sql stable as $body$
	select coalesce(sum(l.amount_pence), 0)::bigint from premium_payment_line l join premium_payment_run p on p.id = l.run_id
	where l.request_id = request and l.state = 'open' and p.state <> 'set_aside'
$body$;

create function premium_run() returns trigger
language plpgsql as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
begin
	if tg_op = 'INSERT' then
		if new.state <> 'made' or new.line_count <> 0 or new.sum_pence <> 0 then
			raise exception 'a run begins empty' using errcode = 'check_violation', constraint = 'premium_run_begins';
		end if;
		if new.made_by is distinct from actor then
			raise exception 'a run is made in another person''s name' using errcode = 'check_violation', constraint = 'premium_own_name';
		end if;
		return new;
	end if;
	if old.state <> 'made' then
		raise exception 'run % is %', old.reference, old.state using errcode = 'check_violation', constraint = 'premium_run_closed';
	end if;
	if new.state <> 'made' and coalesce(new.sent_by, new.set_aside_by) is distinct from actor then
		raise exception 'a run is sent or set aside in another person''s name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	return new;
end
$body$;
create trigger premium_run before insert or update on premium_payment_run for each row execute function premium_run();

-- A line pays what is committed and not paid, released or on its way already, and whoever approved the
-- request does not pay it. The request's row lets one line in at a time.
create function premium_line_made() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
declare
	request premium_request;
	run premium_payment_run;
begin
	select * into request from premium_request where id = new.request_id for no key update;
	select * into run from premium_payment_run where id = new.run_id for no key update;
	if run.state is distinct from 'made' or request.id is null or run.stream <> request.stream or run.financial_year <> request.financial_year
		or not exists (select from premium_remittance where id = new.remittance_id and run_id = new.run_id and setting_id is not distinct from request.setting_id) then
		raise exception 'a line belongs to an unsent run of its own grant and year' using errcode = 'check_violation', constraint = 'premium_one_year';
	end if;
	if new.state <> 'open' then
		raise exception 'a line begins unpaid' using errcode = 'check_violation', constraint = 'premium_line_begins';
	end if;
	if run.made_by is distinct from nullif(current_setting('app.actor', true), '')::bigint then
		raise exception 'a line is put in another person''s run' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	if request.decided_by = run.made_by or exists (select from premium_event where request_id = request.id and account_id = run.made_by
		and event in ('first_approval', 'approved', 'part_approved')) then
		raise exception 'request % is paid by who approved it', request.id using errcode = 'check_violation', constraint = 'premium_payer_did_not_approve';
	end if;
	if request.released_pence + request.paid_pence + premium_in_payment(request.id) + new.amount_pence > request.committed_pence then
		raise exception 'request % has less than that to pay', request.id using errcode = 'check_violation', constraint = 'premium_line_within_commitment';
	end if;
	update premium_remittance set line_count = line_count + 1, sum_pence = sum_pence + new.amount_pence where id = new.remittance_id;
	update premium_payment_run set line_count = line_count + 1, sum_pence = sum_pence + new.amount_pence where id = new.run_id;
	return new;
end
$body$;
create trigger premium_line_made before insert on premium_payment_line for each row execute function premium_line_made();

-- A line goes from open to paid or not paid, and from paid to bounced, each with its entry in the ledger.
create function premium_line_moves() returns trigger
language plpgsql as $body$
declare
	entry premium_transfer;
begin
	if old.state = 'open' and new.state in ('paid', 'not_paid') and not exists (select from premium_payment_run where id = old.run_id and state = 'sent') then
		raise exception 'line % is of a run that was not sent', old.reference using errcode = 'check_violation', constraint = 'premium_sent_first';
	end if;
	if old.state = 'open' and new.state = 'paid' then
		select * into entry from premium_transfer where id = new.pay_transfer;
		if entry.kind is distinct from 'pay' or entry.request_id <> old.request_id or entry.amount_pence <> old.amount_pence then
			raise exception 'line % and the ledger do not agree', old.reference using errcode = 'check_violation', constraint = 'premium_line_is_entered';
		end if;
	elsif old.state = 'paid' and new.state = 'bounced' then
		if new.pay_transfer <> old.pay_transfer or new.paid_on <> old.paid_on or new.payment_reference <> old.payment_reference
			or not exists (select from premium_transfer where id = new.unpay_transfer and reverses = old.pay_transfer) then
			raise exception 'line % and the ledger do not agree', old.reference using errcode = 'check_violation', constraint = 'premium_line_is_entered';
		end if;
	elsif not (old.state = 'open' and new.state = 'not_paid') then
		raise exception 'line % does not go from % to %', old.reference, old.state, new.state using errcode = 'check_violation', constraint = 'premium_line_closed';
	end if;
	return new;
end
$body$;
create trigger premium_line_moves before update on premium_payment_line for each row execute function premium_line_moves();

-- What is on its way to a school is not given back to the pool.
create function premium_release_spares() returns trigger
language plpgsql as $body$
begin
	if exists (select from premium_request where id = new.request_id
		and released_pence + paid_pence + premium_in_payment(id) > committed_pence) then
		raise exception 'request % has money on its way', new.request_id using errcode = 'check_violation', constraint = 'premium_release_spares_payments';
	end if;
	return null;
end
$body$;
create trigger premium_release_spares after insert on premium_transfer for each row when (new.kind = 'release') execute function premium_release_spares();

-- What was given to finance, each time a file was made: reconciled against the run.
create table premium_export (
	id bigint generated always as identity primary key,
	run_id bigint not null references premium_payment_run,
	line_count int not null,
	sum_pence bigint not null,
	digest bytea not null, -- SHA-256 of the lines, so that two files can be told to be the same
	made_by bigint not null references account,
	made_at timestamptz not null
);
create index premium_export_run on premium_export (run_id);
call append_only('premium_export');

-- A file in which finance says what it paid: checked, then confirmed whole or not at all. It holds line
-- references and payment references, and no child.
create table premium_paid_file (
	id bigint generated always as identity primary key,
	name text not null,
	digest bytea not null,
	state text not null default 'checked' check (state in ('checked', 'confirmed', 'discarded')),
	rows jsonb not null,
	problems jsonb not null,
	sent_by bigint not null references account,
	sent_at timestamptz not null,
	closed_by bigint references account,
	closed_at timestamptz,
	check ((state = 'checked') = (closed_at is null) and (closed_at is null) = (closed_by is null))
);

grant select, insert on premium_evidence, premium_evidence_day, premium_remittance, premium_payment_run, premium_payment_line, premium_export, premium_paid_file to virtualschool_app;
grant update (state, sent_by, sent_at, set_aside_by, set_aside_at, set_aside_reason) on premium_payment_run to virtualschool_app;
grant update (state, paid_on, payment_reference, pay_transfer, paid_by, paid_at, undone_reason, unpay_transfer, undone_by, undone_at) on premium_payment_line to virtualschool_app;
grant update (state, closed_by, closed_at) on premium_paid_file to virtualschool_app;
revoke execute on function premium_line_made from public;

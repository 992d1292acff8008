-- The income of a grant's year comes as dated entries, provisional and then final, each with its basis and
-- where it was published. They stay, so that what was believed in summer can be read beside what came in December.

create table premium_income (
	id bigint generated always as identity primary key,
	stream text not null,
	financial_year int not null,
	stage text not null check (stage in ('provisional', 'final')),
	children int check (children between 0 and 20000),
	hours int check (hours >= 0 and hours <= children * 570), -- 15 hours in each of 38 weeks are the most that are funded
	rate_pence bigint check (rate_pence > 0),
	amount_pence bigint not null check (amount_pence >= 0),
	source text not null check (source <> '' and length(source) <= 500),
	entered_by bigint not null references account,
	entered_at timestamptz not null,
	entered_on date not null,
	foreign key (stream, financial_year) references premium_year,
	constraint premium_income_basis check (case stream
		when 'looked_after' then children is not null and rate_pence is not null and hours is null and amount_pence = children * rate_pence
		when 'early_years' then children is not null and rate_pence is not null and hours is not null and amount_pence = hours * rate_pence
		else children is null and rate_pence is null and hours is null end)
);
create index premium_income_year on premium_income (stream, financial_year, id desc);

insert into premium_income (stream, financial_year, stage, children, rate_pence, amount_pence, source, entered_by, entered_at, entered_on)
select stream, financial_year, 'provisional', coalesce(children_counted, 0), rate_pence, coalesce(children_counted, 0) * rate_pence, rate_source,
	set_by, set_at, (set_at at time zone 'Europe/London')::date
from premium_year where rate_pence is not null and set_by is not null and stream = 'looked_after' order by financial_year;
call append_only('premium_income');

alter table premium_year drop column rate_pence, drop column rate_source, drop column children_counted, drop column set_by, drop column set_at;

-- What the retained share is for, by name. What is spent of it is kept by the trigger on transfers alone.
create table premium_purpose (
	id bigint generated always as identity primary key,
	stream text not null,
	financial_year int not null,
	name text not null check (name <> '' and length(name) <= 200),
	planned_pence bigint not null,
	spent_pence bigint not null default 0,
	set_by bigint not null references account,
	set_at timestamptz not null,
	foreign key (stream, financial_year) references premium_year,
	unique (stream, financial_year, name),
	constraint premium_purpose_never_overspent check (spent_pence >= 0 and spent_pence <= planned_pence)
);

alter table premium_transfer add column purpose_id bigint references premium_purpose;
create index premium_transfer_purpose on premium_transfer (purpose_id) where purpose_id is not null;

create function premium_purpose_of() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
begin
	if new.reverses is not null then
		new.purpose_id := (select purpose_id from premium_transfer where id = new.reverses);
	elsif new.purpose_id is not null and (new.kind <> 'spend' or not exists (select from premium_purpose
		where id = new.purpose_id and stream = new.stream and financial_year = new.financial_year)) then
		raise exception 'a purpose is of what is spent from the retained share of its year' using errcode = 'check_violation', constraint = 'premium_purpose_of';
	end if;
	return new;
end
$body$;
create trigger premium_purpose_of before insert on premium_transfer for each row execute function premium_purpose_of();

-- The sums of each month, by where the money came from and went to: what a year's pages and its statement
-- read, whoever may see the child a transfer was for. Kept by the trigger alone; no child stands in it.
create table premium_month (
	stream text not null,
	financial_year int not null,
	month date not null check (extract(day from month) = 1),
	from_kind text not null,
	to_kind text not null,
	journal boolean not null,
	entries int not null,
	sum_pence bigint not null,
	primary key (stream, financial_year, month, from_kind, to_kind, journal),
	foreign key (stream, financial_year) references premium_year
);
insert into premium_month
select t.stream, t.financial_year, date_trunc('month', t.made_on)::date, f.kind, o.kind, t.journal, count(*), sum(t.amount_pence)
from premium_transfer t join premium_account f on f.id = t.from_account join premium_account o on o.id = t.to_account
group by 1, 2, 3, 4, 5, 6;

-- Runs after the transfer has locked its accounts, so two that meet here have already queued.
create function premium_summed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $body$
begin
	insert into premium_month as m (stream, financial_year, month, from_kind, to_kind, journal, entries, sum_pence)
	select new.stream, new.financial_year, date_trunc('month', new.made_on)::date, f.kind, o.kind, new.journal, 1, new.amount_pence
	from premium_account f, premium_account o where f.id = new.from_account and o.id = new.to_account
	on conflict (stream, financial_year, month, from_kind, to_kind, journal)
		do update set entries = m.entries + 1, sum_pence = m.sum_pence + excluded.sum_pence;
	if new.purpose_id is not null then
		update premium_purpose set spent_pence = spent_pence + case new.kind when 'spend' then new.amount_pence else -new.amount_pence end
		where id = new.purpose_id;
	end if;
	return null;
end
$body$;
create trigger premium_summed after insert on premium_transfer for each row execute function premium_summed();

-- A year is closed when it is over and what was not allocated, or retained and not spent, has gone back to
-- the department. Money allocated to a school by 31 March counts as used, so it may still be unpaid.
create function premium_closing() returns trigger
language plpgsql as $body$
begin
	if old.closed_at is null and new.closed_at is not null then
		if (new.closed_at at time zone 'Europe/London')::date < make_date(new.financial_year + 1, 4, 1) then
			raise exception 'the year % is not over', new.financial_year using errcode = 'check_violation', constraint = 'premium_year_over';
		end if;
		if exists (select from premium_account where stream = new.stream and financial_year = new.financial_year
			and kind in ('pool', 'retained') and balance_pence <> 0) then
			raise exception 'money of the year % still waits', new.financial_year using errcode = 'check_violation', constraint = 'premium_year_settled';
		end if;
	end if;
	return new;
end
$body$;
create trigger premium_closing before update on premium_year for each row execute function premium_closing();

-- Who enters income does so in their own name.
create function premium_income_own_name() returns trigger
language plpgsql as $body$
begin
	if new.entered_by is distinct from nullif(current_setting('app.actor', true), '')::bigint then
		raise exception 'income is entered in another person''s name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	return new;
end
$body$;
create trigger premium_income_own_name before insert on premium_income for each row execute function premium_income_own_name();

grant select, insert on premium_income to virtualschool_app;
grant select, insert (stream, financial_year, name, planned_pence, set_by, set_at), update (planned_pence, set_by, set_at) on premium_purpose to virtualschool_app;
grant select on premium_month to virtualschool_app; -- sums move by transfer alone
revoke execute on function premium_purpose_of, premium_summed from public;

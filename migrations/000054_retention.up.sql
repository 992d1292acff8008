-- How long a record is kept (R50), what is decided of it when that time is over, and by whom.

-- The day somebody reaches an age: born on 29 February, 1 March in a common year.
create function years_on(day date, years int) returns date
language sql immutable strict parallel safe as
$$ select make_date(extract(year from day)::int + years, extract(month from day)::int, 1) + (extract(day from day)::int - 1) $$;

-- The last day a record is kept. Package retention has the same rule, with its words and sources.
create function kept_until(born date, died date, adopted date, was_in_care boolean, last_contact date, years_without_care int) returns date
language sql immutable parallel safe as $body$
	select case
		when adopted is not null then public.years_on(adopted, 100)
		when died < public.years_on(born, 18) then public.years_on(died, 15)
		when was_in_care then public.years_on(born, 75)
		else public.years_on(last_contact, years_without_care)
	end
$body$;

-- Every record the reader sees, with the day until which it is kept, as at the day of the transaction. A
-- function and no view, so that the wall holds for whoever asks.
create function retained() returns table (child_id bigint, date_of_birth date, died_on date, adopted_on date, was_in_care boolean, in_care boolean, last_contact date, years_without_care int, until date)
language sql stable as $body$
	select f.*, public.kept_until(f.date_of_birth, f.died_on, f.adopted_on, f.was_in_care, f.last_contact, f.years_without_care)
	from (select c.id, c.date_of_birth, care.died_on, care.adopted_on, care.was_in_care, care.in_care,
			greatest((c.updated_at at time zone 'Europe/London')::date, (select max(n.on_day) from note n where n.child_id = c.id)) as last_contact,
			coalesce((select (value #>> '{}')::int from policy_value where key = 'retention.without_care_years' and valid @> today.day), 6) as years_without_care
		from (select nullif(current_setting('app.today', true), '')::date as day) today, child c,
			lateral (select max(upper(p.period)) filter (where p.end_code = 'E2') as died_on,
				max(upper(p.period)) filter (where p.end_code in ('E11', 'E12')) as adopted_on,
				count(*) > 0 as was_in_care, coalesce(bool_or(p.period @> today.day), false) as in_care
			from care_period p where p.child_id = c.id) care) f
$body$;

-- A record is kept longer than its rule: a claim, an inquiry, a person who asked.
create table retention_hold (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	kind text not null check (kind in ('claim', 'inquiry', 'person', 'other')),
	reason text not null check (reason <> '' and length(reason) <= 2000),
	until date not null, -- the last day it holds
	placed_by bigint not null references account,
	placed_at timestamptz not null,
	ended_on date,
	ended_why text not null default '' check (length(ended_why) <= 2000),
	ended_by bigint references account,
	check (num_nonnulls(ended_on, ended_by) in (0, 2) and (ended_on is null) = (ended_why = ''))
);
create index retention_hold_child on retention_hold (child_id);
call protect_child_rows('retention_hold');

-- Somebody proposes that a record whose time is over is deleted, and somebody else decides.
create table retention_proposal (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	kept_until date not null, -- the day that was over
	reason text not null check (reason <> '' and length(reason) <= 2000),
	proposed_by bigint not null references account,
	proposed_at timestamptz not null,
	state text not null default 'proposed' check (state in ('proposed', 'approved', 'refused', 'withdrawn', 'held')),
	words text not null default '' check (length(words) <= 2000), -- why it was refused, withdrawn or held
	decided_by bigint references account,
	decided_at timestamptz,
	version int not null default 1,
	check ((state = 'proposed') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
	check (state not in ('refused', 'withdrawn', 'held') or words <> ''),
	constraint retention_two_people check (state not in ('approved', 'refused') or decided_by <> proposed_by)
);
create index retention_proposal_child on retention_proposal (child_id);
create unique index retention_proposal_one on retention_proposal (child_id) where state in ('proposed', 'approved');
call protect_child_rows('retention_proposal');

-- What stands against deleting a record, and is looked at again whenever somebody proposes or approves it.
create function stands_against_deletion(child bigint) returns text[]
language sql stable as $body$
	select array_remove(array[
		case when exists (select from retained() r where r.child_id = child and r.in_care) then 'in_care' end,
		case when exists (select from retention_hold h where h.child_id = child and h.ended_on is null
			and h.until >= nullif(current_setting('app.today', true), '')::date) then 'hold' end,
		case when exists (select from subject_access a where a.child_id = child and a.state in ('open', 'prepared', 'released')) then 'subject_access' end,
		case when exists (select from correction c where c.child_id = child and c.outcome is null) then 'correction' end,
		case when exists (select from premium_request q where q.child_id = child and (q.state in ('asked', 'at_panel', 'returned')
				or q.state in ('approved', 'part_approved') and exists (select from premium_year y
					where y.financial_year = q.financial_year and y.stream = q.stream and y.closed_at is null)))
			or exists (select from premium_payment_line l where l.child_id = child and l.state = 'open') then 'money' end], null)
$body$;

-- The rule holds whoever writes: only what is over, with nothing against it, in one's own name, decided once.
create function retention_proposal_holds() returns trigger
language plpgsql as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
	today date := nullif(current_setting('app.today', true), '')::date;
begin
	if tg_op = 'UPDATE' and (old.state not in ('proposed', 'approved') or old.state = 'approved' and new.state not in ('withdrawn', 'held')
		or row(new.child_id, new.kept_until, new.reason, new.proposed_by, new.proposed_at) is distinct from row(old.child_id, old.kept_until, old.reason, old.proposed_by, old.proposed_at)) then
		raise exception 'what was proposed and decided stays' using errcode = 'restrict_violation', constraint = 'retention_stays';
	end if;
	if (case when tg_op = 'INSERT' then new.proposed_by else new.decided_by end) is distinct from actor or tg_op = 'INSERT' and new.state <> 'proposed' then
		raise exception 'a deletion is proposed and decided in one''s own name' using errcode = 'check_violation', constraint = 'retention_own_name';
	end if;
	if new.state in ('proposed', 'approved') then
		if not exists (select from retained() r where r.child_id = new.child_id and r.until = new.kept_until and r.until < today) then
			raise exception 'the record is still to be kept' using errcode = 'check_violation', constraint = 'retention_not_due';
		end if;
		if cardinality(stands_against_deletion(new.child_id)) > 0 then
			raise exception 'something stands against deleting the record' using errcode = 'check_violation', constraint = 'retention_stands_against';
		end if;
	end if;
	return new;
end
$body$;
create trigger holds before insert or update on retention_proposal for each row execute function retention_proposal_holds();

create function retention_hold_stays() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'UPDATE' and (old.ended_on is not null
		or row(new.child_id, new.kind, new.reason, new.until, new.placed_by, new.placed_at) is distinct from row(old.child_id, old.kind, old.reason, old.until, old.placed_by, old.placed_at)) then
		raise exception 'what was held and why stays' using errcode = 'restrict_violation', constraint = 'retention_stays';
	end if;
	if (case when tg_op = 'INSERT' then new.placed_by else new.ended_by end) is distinct from nullif(current_setting('app.actor', true), '')::bigint then
		raise exception 'a hold is placed and ended in one''s own name' using errcode = 'check_violation', constraint = 'retention_own_name';
	end if;
	return new;
end
$body$;
create trigger stays before insert or update on retention_hold for each row execute function retention_hold_stays();

grant select, insert, update on retention_hold, retention_proposal to virtualschool_app;

-- The most that somebody approves alone is held by the database too: a limit of the person's own, else
-- the deputy's. Of two approvers one has the limit for the sum.

-- None: any sum. The deputy's £1,500 while the council has set nothing is that of the program's policies.
create function premium_limit_of(power bigint, on_day date) returns bigint
language sql stable as $body$
	select coalesce(
		(select pence from premium_limit where account_id = power and period @> on_day),
		(select nullif(coalesce((select (value #>> '{}')::bigint from policy_value
				where key = 'premium.deputy_limit_pence' and valid @> on_day), 150000), 0)
			from account where id = power and role = 'deputy'))
$body$;

-- What was approved lately for the need that a request is for: one need cut into several requests counts
-- as one. Within: only what counts against the limit of this power, which is what deputies approved and
-- what was approved with the same power. A termly release is one sum for each child, school and term,
-- laid down by the paying policy: nothing is cut there.
create function premium_lately(asked premium_request, at timestamptz, within bigint) returns bigint
language sql stable as $body$
	select coalesce(sum(o.approved_pence), 0)::bigint
	from premium_request o left join stand_in s on s.id = o.stand_in_id
	join account d on d.id = coalesce(s.for_account, o.decided_by)
	where asked.release_term is null and o.child_id = asked.child_id and o.id <> asked.id and o.category = asked.category
		and o.setting_id is not distinct from asked.setting_id and o.approved_pence is not null and o.decided_at > at - interval '30 days'
		and (within is null or d.role = 'deputy' or d.id = within)
$body$;

create or replace function premium_approval_given() returns trigger
language plpgsql as $body$
declare
	asked premium_request;
	on_day date := (new.at at time zone 'Europe/London')::date;
	own_limit bigint;
begin
	if new.account_id is distinct from nullif(current_setting('app.actor', true), '')::bigint then
		raise exception 'an approval in another person''s name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	new.power_of := deciding_power(new.account_id, new.stand_in_id, on_day);
	if new.power_of is null then
		raise exception 'account % may not decide', new.account_id using errcode = 'check_violation', constraint = 'premium_may_decide';
	end if;
	select * into asked from premium_request where id = new.request_id for no key update;
	if asked.asked_by in (new.account_id, new.power_of) or exists (select from premium_event
		where request_id = new.request_id and account_id in (new.account_id, new.power_of) and event in ('drafted', 'asked', 'changed')) then
		raise exception 'request % is approved by who asked', new.request_id using errcode = 'check_violation', constraint = 'premium_not_ones_own';
	end if;
	if asked.state not in ('asked', 'at_panel') or asked.version <> new.request_version or asked.amount_pence < new.amount_pence then
		raise exception 'request % does not wait like this', new.request_id using errcode = 'check_violation', constraint = 'premium_approval_waits';
	end if;
	own_limit := premium_limit_of(new.power_of, on_day);
	new.within_limit := own_limit is null or premium_lately(asked, new.at, new.power_of) + new.amount_pence <= own_limit;
	return new;
end
$body$;

create or replace function premium_who_decides() returns trigger
language plpgsql as $body$
declare
	on_day date := (new.decided_at at time zone 'Europe/London')::date;
	above_two bigint;
	above_panel bigint;
	power bigint;
	program boolean := false;
	own_limit bigint;
	need bigint;
	within boolean;
begin
	if new.version not in (old.version, old.version + 1) then
		raise exception 'versions of request % go up by one', old.id using errcode = 'check_violation', constraint = 'premium_versions';
	end if;
	-- What was approved, or looked at by a panel, was the request as it stood: what changes is a new version.
	if new.version = old.version and old.state <> 'draft' and new.state in ('draft', 'asked', 'at_panel', 'returned')
		and (new.state, new.amount_pence, new.category, new.purpose, new.expected_difference, new.target_id)
			is distinct from (old.state, old.amount_pence, old.category, old.purpose, old.expected_difference, old.target_id) then
		raise exception 'what changes in request % is a new version', old.id using errcode = 'check_violation', constraint = 'premium_versions';
	end if;
	if new.decided_by is null then
		new.stand_in_id := null;
		return new;
	end if;
	if new.state not in ('returned', 'approved', 'part_approved', 'refused') or old.state in ('approved', 'part_approved', 'refused') then
		return new;
	end if;
	power := deciding_power(new.decided_by, new.stand_in_id, on_day);
	if power is null and new.stand_in_id is null then -- the program, for what a paying policy approves by itself
		select id into power from account where id = new.decided_by and role = 'service';
		program := power is not null;
	end if;
	if power is null then
		raise exception 'account % may not decide', new.decided_by using errcode = 'check_violation', constraint = 'premium_may_decide';
	end if;
	if power <> new.decided_by and (new.asked_by = power or exists (select from premium_event
		where request_id = new.id and account_id = power and event in ('drafted', 'asked', 'changed'))) then
		raise exception 'request % is decided in the place of who asked', old.id using errcode = 'check_violation', constraint = 'premium_not_ones_own';
	end if;
	if new.approved_pence is null then
		return new;
	end if;
	-- The child's row lets one approval in at a time: two halves of one need see each other.
	perform from child where id = new.child_id for no key update;
	above_two := premium_policy('premium.two_approvers_pence', on_day);
	above_panel := premium_policy('premium.panel_pence', on_day);
	own_limit := premium_limit_of(power, on_day);
	need := new.approved_pence + premium_lately(new, new.decided_at, null);
	within := own_limit is null or new.approved_pence + premium_lately(new, new.decided_at, power) <= own_limit;
	if above_two > 0 and need > above_two then
		if program or not exists (select from premium_approval a join account p on p.id = a.account_id and p.state = 'active'
			where a.request_id = new.id and a.request_version = old.version and a.amount_pence >= new.approved_pence
				and a.account_id <> new.decided_by and a.power_of <> power and (within or a.within_limit)) then
			raise exception 'request % needs two approvers, one with the limit for it', old.id using errcode = 'check_violation', constraint = 'premium_two_approvers';
		end if;
	elsif not within then
		raise exception 'request % is more than account % may approve alone', old.id, power using errcode = 'check_violation', constraint = 'premium_within_limit';
	end if;
	if above_panel > 0 and need > above_panel and not exists (select from premium_panel_item i join premium_panel p on p.id = i.panel_id
		where i.request_id = new.id and i.request_version = old.version and p.held_at is not null) then
		raise exception 'request % needs a panel', old.id using errcode = 'check_violation', constraint = 'premium_needs_panel';
	end if;
	return new;
end
$body$;

create or replace function premium_who_decides() returns trigger
language plpgsql as $body$
declare
	on_day date := (new.decided_at at time zone 'Europe/London')::date;
	above_two bigint;
	above_panel bigint;
	power bigint;
	need bigint;
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
	above_two := premium_policy('premium.two_approvers_pence', on_day);
	above_panel := premium_policy('premium.panel_pence', on_day);
	if above_two = 0 and above_panel = 0 then
		return new;
	end if;
	-- One need cut into several requests counts as one; the child's row lets one approval in at a time.
	perform from child where id = new.child_id for no key update;
	select new.approved_pence + coalesce(sum(o.approved_pence), 0) into need from premium_request o
	where o.child_id = new.child_id and o.id <> new.id and o.category = new.category and o.setting_id is not distinct from new.setting_id
		and o.approved_pence is not null and o.decided_at > new.decided_at - interval '30 days';
	if above_two > 0 and need > above_two and (not exists (select from premium_approval a join account p on p.id = a.account_id and p.state = 'active'
		where a.request_id = new.id and a.request_version = old.version and a.amount_pence >= new.approved_pence
			and a.account_id <> new.decided_by and a.power_of <> power) or not exists (select from account where id = power and role <> 'service')) then
		raise exception 'request % needs two approvers', old.id using errcode = 'check_violation', constraint = 'premium_two_approvers';
	end if;
	if above_panel > 0 and need > above_panel and not exists (select from premium_panel_item i join premium_panel p on p.id = i.panel_id
		where i.request_id = new.id and i.request_version = old.version and p.held_at is not null) then
		raise exception 'request % needs a panel', old.id using errcode = 'check_violation', constraint = 'premium_needs_panel';
	end if;
	return new;
end
$body$;
create or replace function premium_approval_given() returns trigger
language plpgsql as $body$
declare
	asked premium_request;
begin
	if new.account_id is distinct from nullif(current_setting('app.actor', true), '')::bigint then
		raise exception 'an approval in another person''s name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	new.power_of := deciding_power(new.account_id, new.stand_in_id, (new.at at time zone 'Europe/London')::date);
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
	return new;
end
$body$;
drop function premium_lately;
drop function premium_limit_of;

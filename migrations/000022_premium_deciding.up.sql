-- Who decides about the grants' money, and how: a limit of a person's own, two approvers above one sum,
-- a panel above another, and a stand-in while a decider is away. The database itself refuses an approval
-- that these rules do not allow.

-- A decider who is away names somebody of the team. It ends by itself after the last day.
create table stand_in (
	id bigint generated always as identity primary key,
	account_id bigint not null references account, -- who stands in
	for_account bigint not null references account, -- who is away
	starts date not null,
	until date not null, -- the last day
	reason text not null check (reason <> '' and length(reason) <= 1000),
	named_by bigint not null references account,
	named_at timestamptz not null,
	ended_by bigint references account, -- before its last day
	ended_at timestamptz,
	check (account_id <> for_account),
	check (starts <= until),
	check ((ended_by is null) = (ended_at is null)),
	constraint stand_in_one_for_each exclude using gist (for_account with =, daterange(starts, until, '[]') with &&) where (ended_at is null),
	constraint stand_in_for_one exclude using gist (account_id with =, daterange(starts, until, '[]') with &&) where (ended_at is null)
);

create function stand_in_named() returns trigger
language plpgsql as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
begin
	if tg_op = 'UPDATE' then
		if old.ended_at is not null or new.ended_by is distinct from actor then
			raise exception 'a stand-in is ended once, in one''s own name' using errcode = 'check_violation', constraint = 'stand_in_own_name';
		end if;
		return new;
	end if;
	if new.named_by is distinct from actor or not exists (select from account where id = actor and state = 'active'
		and (role = 'head' or role = 'deputy' and id = new.for_account)) then
		raise exception 'a decider names who stands in for them; the head for anybody' using errcode = 'check_violation', constraint = 'stand_in_own_name';
	end if;
	if not exists (select from account where id = new.for_account and state = 'active' and role in ('head', 'deputy'))
		or not exists (select from account where id = new.account_id and state = 'active' and role in ('lead_advisor', 'advisor')) then
		raise exception 'an advisor stands in for the head or a deputy' using errcode = 'check_violation', constraint = 'stand_in_roles';
	end if;
	return new;
end
$body$;
create trigger stand_in_named before insert or update on stand_in for each row execute function stand_in_named();
grant select, insert, update (ended_by, ended_at) on stand_in to virtualschool_app;

-- Whose power a person decides with on a day: their own as head or deputy, or that of whom they stand
-- in for. None: they may not decide.
create function deciding_power(who bigint, place bigint, on_day date) returns bigint
language sql stable as $body$
	select case
		when place is null then (select id from account where id = who and state = 'active' and role in ('head', 'deputy'))
		else (select p.id from stand_in s
			join account a on a.id = s.account_id and a.state = 'active' and a.role in ('lead_advisor', 'advisor')
			join account p on p.id = s.for_account and p.state = 'active' and p.role in ('head', 'deputy')
			where s.id = place and s.account_id = who and s.ended_at is null and on_day between s.starts and s.until)
	end
$body$;

-- enter for a page on which somebody decides in another's place: the children are those the other would
-- see, but none that is hidden from who looks. Whoever stands in for nobody enters as ever.
create function enter_standing(actor bigint, today date) returns void
language plpgsql as $body$
declare
	hidden bigint[];
begin
	perform enter(actor, today);
	if current_setting('app.scope') <> 'related' or not exists (select from stand_in s
		where s.account_id = actor and s.ended_at is null and today between s.starts and s.until
			and deciding_power(actor, s.id, today) is not null) then
		return;
	end if;
	-- As in enter: what hides a child is itself behind the wall.
	perform set_config('app.scope', 'all', true), set_config('app.hidden', '', true), set_config('app.children', '', true);
	select coalesce(array_agg(child_id), '{}') into hidden from (
		select r.child_id from restriction r
		where r.period @> today and not exists (
			select from restriction_named n
			where n.child_id = r.child_id and n.account_id = actor and n.period @> today)
		union
		select b.child_id from child_block b where b.account_id = actor and b.period @> today) h;
	perform set_config('app.hidden', hidden::text, true);
end
$body$;
grant execute on function enter_standing to virtualschool_app;

-- A limit of a person's own, in place of their role's.
create table premium_limit (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	period daterange not null check (not isempty(period) and not lower_inf(period)),
	pence bigint not null check (pence between 0 and 100000000), -- 0: approves nothing
	reason text not null check (reason <> '' and length(reason) <= 1000),
	set_by bigint not null references account,
	set_at timestamptz not null,
	constraint premium_limit_not_ones_own check (set_by <> account_id),
	constraint premium_limit_one_at_a_time exclude using gist (account_id with =, period with &&)
);
create function premium_limit_set() returns trigger
language plpgsql as $body$
begin
	if new.set_by is distinct from nullif(current_setting('app.actor', true), '')::bigint
		or not exists (select from account where id = new.set_by and state = 'active' and role = 'head') then
		raise exception 'the Virtual School Head sets a limit, in their own name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	return new;
end
$body$;
create trigger premium_limit_set before insert on premium_limit for each row execute function premium_limit_set();
grant select, insert, update (period), delete on premium_limit to virtualschool_app;

-- A panel meets on a day; its minutes make it held.
create table premium_panel (
	id bigint generated always as identity primary key,
	day date not null unique,
	members text not null default '' check (length(members) <= 1000),
	minutes text not null default '' check (length(minutes) <= 10000),
	planned_by bigint not null references account,
	planned_at timestamptz not null,
	held_by bigint references account,
	held_at timestamptz,
	version int not null default 1,
	check ((held_by is null) = (held_at is null)),
	check (held_at is null or (members <> '' and minutes <> '' and (held_at at time zone 'Europe/London')::date >= day))
);
create function premium_panel_held() returns trigger
language plpgsql as $body$
begin
	if old.held_at is not null then
		raise exception 'the panel of % has been held', old.day using errcode = 'check_violation', constraint = 'premium_panel_held_once';
	end if;
	if new.held_by is not null and deciding_power(new.held_by, (select id from stand_in s where s.account_id = new.held_by and s.ended_at is null
			and (new.held_at at time zone 'Europe/London')::date between s.starts and s.until), (new.held_at at time zone 'Europe/London')::date) is null
		or new.held_by is distinct from nullif(current_setting('app.actor', true), '')::bigint and new.held_by is not null then
		raise exception 'a panel is written down by a decider, in their own name' using errcode = 'check_violation', constraint = 'premium_own_name';
	end if;
	return new;
end
$body$;
create trigger premium_panel_held before update on premium_panel for each row execute function premium_panel_held();
grant select, insert, update (day, members, minutes, held_by, held_at, version) on premium_panel to virtualschool_app;

-- What a panel looks at: a request as it stood. A request that changes has not been looked at.
create table premium_panel_item (
	request_id bigint not null,
	child_id bigint not null,
	request_version int not null,
	panel_id bigint not null references premium_panel,
	sent_by bigint not null references account,
	sent_at timestamptz not null,
	primary key (request_id, request_version),
	foreign key (request_id, child_id) references premium_request (id, child_id)
);
create index premium_panel_item_panel on premium_panel_item (panel_id);
call protect_child_rows('premium_panel_item');
call append_only('premium_panel_item');
grant select, insert on premium_panel_item to virtualschool_app;

-- The first of two approvals, of a request as it stood.
create table premium_approval (
	id bigint generated always as identity primary key,
	request_id bigint not null,
	child_id bigint not null,
	request_version int not null,
	amount_pence bigint not null check (amount_pence > 0),
	within_limit boolean not null, -- of whoever approved
	account_id bigint not null references account,
	stand_in_id bigint references stand_in,
	power_of bigint not null references account, -- account_id, or for whom they stood in
	at timestamptz not null,
	unique (request_id, request_version, account_id),
	foreign key (request_id, child_id) references premium_request (id, child_id)
);
call protect_child_rows('premium_approval');
call append_only('premium_approval');

create function premium_approval_given() returns trigger
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
create trigger premium_approval_given before insert on premium_approval for each row execute function premium_approval_given();
grant select, insert on premium_approval to virtualschool_app;

alter table premium_request add column stand_in_id bigint references stand_in; -- in whose place it was decided
grant update (stand_in_id) on premium_request to virtualschool_app;
drop index premium_request_queue;
create index premium_request_queue on premium_request (asked_at, id) where state in ('asked', 'at_panel');

-- A council's dated sum; none set is nought, which asks for nothing.
create function premium_policy(name text, on_day date) returns bigint
language sql stable as $body$
	select coalesce((select (value #>> '{}')::bigint from policy_value where key = name and valid @> on_day), 0)
$body$;

-- Runs after premium_decision, which triggers of one table do by name.
create function premium_who_decides() returns trigger
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
create trigger premium_who_decides before update on premium_request for each row execute function premium_who_decides();

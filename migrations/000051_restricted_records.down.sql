-- Files that were closed stay restricted to the people named on them.
drop trigger keep_sealed on child;
drop trigger seal_adopted on care_period;
drop function keep_sealed;
drop function seal_adopted;
alter table child drop column sealed_on;
create or replace procedure protect_child_rows(target regclass, child_column name default 'child_id', childless boolean default false)
language plpgsql as $body$
declare
	visible text := format($policy$(
		((select current_setting('app.scope', true) = 'all')
			and %1$I <> all ((select coalesce(nullif(current_setting('app.hidden', true), ''), '{}')::bigint[])::bigint[]))
		or %1$I = any ((select coalesce(nullif(current_setting('app.children', true), ''), '{}')::bigint[])::bigint[])
	)$policy$, child_column);
begin
	if childless then -- rows about no child are for those who see the whole cohort
		visible := format($policy$(%s or (%I is null and (select current_setting('app.scope', true) = 'all')))$policy$, visible, child_column);
	end if;
	execute format('alter table %s enable row level security', target);
	execute format('alter table %s force row level security', target);
	execute format('create policy related on %s using %s', target, visible);
end
$body$;
do $body$
declare
	t regclass;
begin
	for t in select polrelid::regclass from pg_policy where polname = 'place' loop
		execute format('drop policy place on %s', t);
	end loop;
end
$body$;
drop procedure hide_place;
drop function break_glass;
create or replace function enter(actor bigint, today date) returns void
language plpgsql as $body$
declare
	actor_role text;
	hidden bigint[] := '{}';
	related bigint[] := '{}';
	plans bigint[] := '{}';
	sections text[] := '{}';
begin
	-- The relations are themselves behind the wall: look at them with it open, then close it.
	perform set_config('app.actor', actor::text, true), set_config('app.scope', 'all', true),
		set_config('app.hidden', '', true), set_config('app.children', '', true),
		set_config('app.invited_plans', '', true), set_config('app.invited_sections', '', true);
	select role into actor_role from account where id = actor and state = 'active';
	if actor_role is null then
		perform set_config('app.scope', 'none', true);
		return;
	end if;
	if actor_role = 'service' then
		return;
	end if;
	select coalesce(array_agg(child_id), '{}') into hidden from (
		select r.child_id from restriction r
		where r.period @> today and not exists (
			select from restriction_named n
			where n.child_id = r.child_id and n.account_id = actor and n.period @> today)
		union
		select b.child_id from child_block b where b.account_id = actor and b.period @> today) h;
	if actor_role in ('head', 'deputy', 'lead_advisor', 'data_officer') then
		perform set_config('app.hidden', hidden::text, true);
		return;
	end if;
	if actor_role = 'school' then
		select coalesce(array_agg(distinct r.child_id), '{}') into related
		from account_setting s
		join roll r on r.setting_id = s.setting_id and r.period @> today
		join care_period c on c.child_id = r.child_id and c.period @> today
		where s.account_id = actor and s.period @> today and r.child_id <> all (hidden);
	else
		select coalesce(array_agg(distinct a.child_id), '{}') into related
		from allocation a
		where a.account_id = actor and a.period @> today and a.child_id <> all (hidden)
			and a.part = any (case actor_role
				when 'advisor' then array['advisor', 'cover']
				when 'support_advisor' then array['support_advisor', 'cover']
				else array[actor_role] end);
	end if;
	select coalesce(array_agg(distinct i.pep_id), '{}'), coalesce(array_agg(i.child_id || '/' || i.pep_id || '/' || i.section), '{}') into plans, sections
	from pep_invitation i
	join pep p on p.id = i.pep_id and p.state in ('draft', 'returned')
	join care_period c on c.child_id = i.child_id and c.period @> today
	where i.account_id = actor and i.ended_at is null and i.until >= today and i.child_id <> all (hidden)
		and (i.setting_id is null or exists (select from roll r
			where r.child_id = i.child_id and r.setting_id = i.setting_id and r.period @> today));
	perform set_config('app.scope', 'related', true), set_config('app.children', related::text, true),
		set_config('app.invited_plans', plans::text, true), set_config('app.invited_sections', sections::text, true);
end
$body$;
create or replace function reaches_child(person bigint, child bigint, on_day date) returns boolean
language plpgsql strict cost 10000 as $body$
declare
	names constant text[] := '{app.actor,app.scope,app.hidden,app.children,app.invited_plans,app.invited_sections}';
	before text[];
	reached boolean;
begin
	before := array(select current_setting(name, true) from unnest(names) with ordinality n (name, at) order by at);
	perform enter(person, on_day);
	reached := (current_setting('app.scope') = 'all' and child <> all (coalesce(nullif(current_setting('app.hidden'), ''), '{}')::bigint[]))
		or child = any (coalesce(nullif(current_setting('app.children'), ''), '{}')::bigint[])
		or exists (select from unnest(coalesce(nullif(current_setting('app.invited_sections'), ''), '{}')::text[]) invited where starts_with(invited, child || '/'));
	for n in 1 .. cardinality(names) loop
		perform set_config(names[n], before[n], true);
	end loop;
	return reached;
end
$body$;
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
grant execute on function enter_standing(bigint, date) to virtualschool_app;
drop function enter_standing(bigint, date, timestamptz);
drop function enter(bigint, date, timestamptz);
drop table break_glass_child;
drop table break_glass;
drop table protected_place;
-- Whoever was not told where the child is must not be told by going back.
select set_config('app.scope', 'all', true), set_config('app.hidden', '', true);
delete from restriction_named where not sees_place;
revoke delete on restriction_named from virtualschool_app;
alter table restriction_named drop column sees_place, drop column why, drop column named_by;
alter table restriction drop column words;

-- Restricted records that hold: who of the people named is told where the child is, breaking the glass for an
-- hour, and files that are closed for good when a child is adopted.

alter table restriction add column words text not null default '' check (length(words) <= 1000);
alter table restriction_named
	add column sees_place boolean not null default true,
	add column why text not null default '' check (length(why) <= 500),
	add column named_by bigint references account;
grant delete on restriction_named to virtualschool_app; -- a naming of the same day, which was a mistake

-- Where a child is whom nobody must find: an address, a contact, an office. Of all that is kept of a child this
-- alone says it in so many words, so it stands apart: a query that forgets this table shows nothing.
create table protected_place (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	kind text not null check (kind in ('address', 'contact', 'office', 'other')),
	words text not null check (words <> '' and length(words) <= 1000),
	set_by bigint not null references account,
	set_at timestamptz not null,
	ended_by bigint references account,
	ended_at timestamptz,
	check ((ended_by is null) = (ended_at is null))
);
create index protected_place_child on protected_place (child_id);
call protect_child_rows('protected_place');
-- Only those told where the child is, and only while the record is restricted.
create policy told on protected_place as restrictive
	using (child_id = any ((select coalesce(nullif(current_setting('app.placed', true), ''), '{}')::bigint[])::bigint[]));
grant select, insert, update (ended_by, ended_at) on protected_place to virtualschool_app;

-- Somebody of the team who is not named asks for one restricted record, and has it for an hour. Whom it is about
-- stands in a table of its own, behind the wall, so that the head can look into an opening without being told.
create table break_glass (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	asked_at timestamptz not null,
	asked_with text not null check (asked_with in ('upn', 'name')),
	reason text not null check (reason <> '' and length(reason) <= 1000),
	until timestamptz, -- none: nothing was found, and nothing opened
	reviewed_by bigint references account,
	reviewed_at timestamptz,
	justified boolean,
	review_words text check (length(review_words) <= 1000),
	check (until is null or until > asked_at and until <= asked_at + interval '1 hour'),
	check (num_nonnulls(reviewed_by, reviewed_at, justified, review_words) in (0, 4)),
	constraint break_glass_not_ones_own check (reviewed_by <> account_id)
);
create index break_glass_account on break_glass (account_id, asked_at);
create table break_glass_child (
	break_glass_id bigint primary key references break_glass,
	child_id bigint not null references child
);
create index break_glass_child_child on break_glass_child (child_id);
call protect_child_rows('break_glass_child');
call append_only('break_glass_child');
alter table break_glass enable row level security;
alter table break_glass force row level security;
-- One's own, those on records one sees, and all of them for the head and the deputy.
create policy answerable on break_glass using (
	account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
	or (select exists (select from account where id = nullif(current_setting('app.actor', true), '')::bigint and state = 'active' and role in ('head', 'deputy', 'service')))
	or exists (select from break_glass_child c where c.break_glass_id = id));
grant select, insert, update (reviewed_by, reviewed_at, justified, review_words) on break_glass to virtualschool_app;
grant select, insert on break_glass_child to virtualschool_app;

-- enter, with the moment as well as the day: an hour is shorter than a day. Told apart from what was there
-- before: what a broken glass shows, and of the restricted records that name somebody, those that say where the
-- child is (app.placed) and those that do not (app.placeless).
create function enter(actor bigint, today date, at timestamptz) returns void
language plpgsql as $body$
declare
	actor_role text;
	hidden bigint[] := '{}';
	related bigint[] := '{}';
	plans bigint[] := '{}';
	sections text[] := '{}';
	opened bigint[] := '{}';
	placed bigint[] := '{}';
	placeless bigint[] := '{}';
begin
	-- The relations are themselves behind the wall: look at them with it open, then close it.
	perform set_config('app.actor', actor::text, true), set_config('app.scope', 'all', true),
		set_config('app.hidden', '', true), set_config('app.children', '', true),
		set_config('app.invited_plans', '', true), set_config('app.invited_sections', '', true),
		set_config('app.opened', '', true), set_config('app.placed', '', true), set_config('app.placeless', '', true);
	select role into actor_role from account where id = actor and state = 'active';
	if actor_role is null then
		perform set_config('app.scope', 'none', true);
		return;
	end if;
	if actor_role = 'service' then
		return;
	end if;
	if actor_role in ('head', 'deputy', 'lead_advisor', 'advisor') then
		select coalesce(array_agg(distinct c.child_id), '{}') into opened
		from break_glass g join break_glass_child c on c.break_glass_id = g.id
		where g.account_id = actor and g.asked_at > at - interval '1 hour' and g.asked_at <= at and g.until > at
			and not exists (select from child_block b where b.account_id = actor and b.child_id = c.child_id and b.period @> today);
	end if;
	select coalesce(array_agg(child_id), '{}') into hidden from (
		select r.child_id from restriction r
		where r.period @> today and r.child_id <> all (opened) and not exists (
			select from restriction_named n
			where n.child_id = r.child_id and n.account_id = actor and n.period @> today)
		union
		select b.child_id from child_block b where b.account_id = actor and b.period @> today) h;
	select coalesce(array_agg(n.child_id) filter (where n.sees_place), '{}') || opened,
		coalesce(array_agg(n.child_id) filter (where not n.sees_place and n.child_id <> all (opened)), '{}') into placed, placeless
	from restriction_named n join restriction r on r.child_id = n.child_id and r.period @> today
	where n.account_id = actor and n.period @> today;
	perform set_config('app.opened', opened::text, true), set_config('app.placed', placed::text, true), set_config('app.placeless', placeless::text, true);
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
		related := array(select unnest(related) union select unnest(opened));
	end if;
	select coalesce(array_agg(i.pep_id), '{}'), coalesce(array_agg(i.child_id || '/' || i.pep_id || '/' || i.section), '{}') into plans, sections
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
grant execute on function enter(bigint, date, timestamptz) to virtualschool_app;

-- Without a moment no glass is broken.
create or replace function enter(actor bigint, today date) returns void
language plpgsql as $body$
begin
	perform enter(actor, today, null);
end
$body$;

create function enter_standing(actor bigint, today date, at timestamptz) returns void
language plpgsql as $body$
declare
	opened bigint[];
	hidden bigint[];
begin
	perform enter(actor, today, at);
	if current_setting('app.scope') <> 'related' or not exists (select from stand_in s
		where s.account_id = actor and s.ended_at is null and today between s.starts and s.until
			and deciding_power(actor, s.id, today) is not null) then
		return;
	end if;
	opened := current_setting('app.opened')::bigint[];
	-- As in enter: what hides a child is itself behind the wall.
	perform set_config('app.scope', 'all', true), set_config('app.hidden', '', true), set_config('app.children', '', true);
	select coalesce(array_agg(child_id), '{}') into hidden from (
		select r.child_id from restriction r
		where r.period @> today and r.child_id <> all (opened) and not exists (
			select from restriction_named n
			where n.child_id = r.child_id and n.account_id = actor and n.period @> today)
		union
		select b.child_id from child_block b where b.account_id = actor and b.period @> today) h;
	perform set_config('app.hidden', hidden::text, true);
end
$body$;
grant execute on function enter_standing(bigint, date, timestamptz) to virtualschool_app;
drop function enter_standing(bigint, date);

create or replace function reaches_child(person bigint, child bigint, on_day date) returns boolean
language plpgsql strict cost 10000 as $body$
declare
	names constant text[] := '{app.actor,app.scope,app.hidden,app.children,app.invited_plans,app.invited_sections,app.opened,app.placed,app.placeless}';
	before text[];
	reached boolean;
begin
	before := array(select current_setting(name, true) from unnest(names) with ordinality n (name, at) order by at);
	perform enter(person, on_day);
	reached := (current_setting('app.scope') = 'all' and child <> all (coalesce(nullif(current_setting('app.hidden'), ''), '{}')::bigint[]))
		or child = any (coalesce(nullif(current_setting('app.children'), ''), '{}')::bigint[])
		or exists (select from unnest(coalesce(nullif(current_setting('app.invited_sections'), ''), '{}')::text[]) invited where starts_with(invited, child || '/'));
	for n in 1 .. cardinality(names) loop
		perform set_config(names[n], coalesce(before[n], ''), true);
	end loop;
	return reached;
end
$body$;

-- Opens one restricted record for an hour to whoever has entered: found by the unique pupil number, or by the
-- exact name and date of birth. Nothing found, not restricted, already theirs and blocked are one answer: null.
-- Five questions an hour, found or not.
create function break_glass(by_upn text, by_name text, by_born date, why text, today date, at timestamptz) returns bigint
language plpgsql as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
	found bigint[];
	opening bigint;
begin
	if not exists (select from account where id = actor and state = 'active' and role in ('head', 'deputy', 'lead_advisor', 'advisor')) then
		raise exception 'the glass is broken by the team alone' using errcode = 'check_violation', constraint = 'break_glass_team';
	end if;
	perform pg_advisory_xact_lock(hashtextextended('break_glass', actor));
	if (select count(*) from break_glass g where g.account_id = actor and g.asked_at > at - interval '1 hour') >= 5 then
		raise exception 'asked too often' using errcode = 'check_violation', constraint = 'break_glass_throttle';
	end if;
	perform set_config('app.scope', 'all', true), set_config('app.hidden', '', true), set_config('app.placeless', '', true);
	select array_agg(c.id) into found from child c
	where exists (select from restriction r where r.child_id = c.id and r.period @> today)
		and not exists (select from restriction_named n where n.child_id = c.id and n.account_id = actor and n.period @> today)
		and not exists (select from child_block b where b.child_id = c.id and b.account_id = actor and b.period @> today)
		and (by_upn <> '' and c.upn = by_upn
			or by_upn = '' and by_name <> '' and c.date_of_birth = by_born
				and plain_name(by_name) in (plain_name(coalesce(c.forename, '') || ' ' || coalesce(c.surname, '')), plain_name(coalesce(c.preferred_name, '') || ' ' || coalesce(c.surname, ''))));
	insert into break_glass (account_id, asked_at, asked_with, reason, until)
	values (actor, at, case when by_upn <> '' then 'upn' else 'name' end, why, case when cardinality(found) = 1 then at + interval '1 hour' end)
	returning id into opening;
	if cardinality(found) = 1 then
		insert into break_glass_child (break_glass_id, child_id) values (opening, found[1]);
	end if;
	perform enter(actor, today, at);
	return case when cardinality(found) = 1 then found[1] end;
end
$body$;
revoke execute on function break_glass from public;
grant execute on function break_glass to virtualschool_app;

-- Whoever is named but not told where the child is sees who the child is, the care and the people, and nothing
-- that is written at a place or could name one: no school, plan, mark, money, note or file. It is told table by
-- table what may be seen, so that a table to come is hidden until somebody has thought about it.
create procedure hide_place(target regclass)
language plpgsql as $body$
begin
	execute format($policy$create policy place on %s as restrictive using (
		(select coalesce(nullif(current_setting('app.placeless', true), ''), '{}') = '{}')
		or child_id is null
		or child_id <> all ((select coalesce(nullif(current_setting('app.placeless', true), ''), '{}')::bigint[])::bigint[]))$policy$, target);
end
$body$;
do $body$
declare
	t regclass;
begin
	for t in select p.polrelid::regclass from pg_policy p
		where p.polname = 'related' and p.polrelid::regclass::text not in ('child', 'care_period', 'legal_status', 'category_of_need', 'sen_status',
			'sdq_assessment', 'previous_permanence', 'care_review', 'allocation', 'restriction', 'restriction_named', 'child_block', 'child_as_returned',
			'audit_look', 'audit_change', 'break_glass_child', 'protected_place')
	loop
		call hide_place(t);
	end loop;
end
$body$;
-- What was changed is written down whoever changes it; what it was is for those told.
create policy place on audit_change as restrictive for select using (
	(select coalesce(nullif(current_setting('app.placeless', true), ''), '{}') = '{}')
	or child_id is null
	or child_id <> all ((select coalesce(nullif(current_setting('app.placeless', true), ''), '{}')::bigint[])::bigint[]));

-- Tables to come follow.
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
	call hide_place(target);
end
$body$;

-- A child who is adopted becomes somebody else: another name, another number, and no pointer between the two.
-- The file of who they were is closed on the day care ended so (E11, E12): restricted, its identity fixed.
alter table child add column sealed_on date;

create function seal_adopted() returns trigger
language plpgsql as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
begin
	update child set sealed_on = upper(new.period) where id = new.child_id and sealed_on is null;
	if exists (select from restriction where child_id = new.child_id and period && daterange(upper(new.period), null)) then
		return null;
	end if;
	insert into restriction (child_id, reason, period, set_by)
	values (new.child_id, 'adoption', daterange(upper(new.period), null), (select id from account where id = actor and role <> 'service'));
	insert into restriction_named (child_id, account_id, period, named_by, why)
	select new.child_id, a.id, daterange(upper(new.period), null), (select id from account where id = actor and role <> 'service'), 'The file was closed on adoption'
	from account a
	where a.state = 'active' and (a.role = 'head' or a.id = actor and a.role in ('deputy', 'lead_advisor', 'data_officer'))
		and not exists (select from restriction_named n where n.child_id = new.child_id and n.account_id = a.id and n.period && daterange(upper(new.period), null));
	return null;
end
$body$;
create trigger seal_adopted after insert or update of end_code on care_period
	for each row when (new.end_code in ('E11', 'E12')) execute function seal_adopted();

create function keep_sealed() returns trigger
language plpgsql as $body$
begin
	if (old.forename, old.surname, old.preferred_name, old.former_names, old.date_of_birth, old.upn, old.la_child_id)
		is distinct from (new.forename, new.surname, new.preferred_name, new.former_names, new.date_of_birth, new.upn, new.la_child_id) then
		raise exception 'the file was closed when the child was adopted' using errcode = 'check_violation', constraint = 'child_sealed';
	end if;
	return new;
end
$body$;
create trigger keep_sealed before update on child for each row when (old.sealed_on is not null) execute function keep_sealed();

-- The files of children adopted before this are closed too, but where nobody would be left who sees them.
do $body$
begin
	perform set_config('app.scope', 'all', true), set_config('app.hidden', '', true), set_config('app.children', '', true);
	if exists (select from account where role = 'head' and state = 'active') then
		update care_period set end_code = end_code where end_code in ('E11', 'E12');
	end if;
	perform set_config('app.scope', '', true);
end
$body$;

-- Before this there were no such people: what colleagues wrote stays, and their accounts are ended.
drop policy invited on pep;
drop policy invited_holds on pep;
drop policy invited on pep_section;
drop policy invited on pep_answer;
drop policy invited on pep_draft;
drop policy invited on pep_draft_words;
drop policy own_look on audit_look;
create or replace function reaches_child(person bigint, child bigint, on_day date) returns boolean
language plpgsql strict cost 10000 as $body$
declare
	names constant text[] := '{app.actor,app.scope,app.hidden,app.children}';
	before text[];
	reached boolean;
begin
	before := array(select current_setting(name, true) from unnest(names) with ordinality n (name, at) order by at);
	perform enter(person, on_day);
	reached := (current_setting('app.scope') = 'all' and child <> all (coalesce(nullif(current_setting('app.hidden'), ''), '{}')::bigint[]))
		or child = any (coalesce(nullif(current_setting('app.children'), ''), '{}')::bigint[]);
	for n in 1 .. cardinality(names) loop
		perform set_config(names[n], before[n], true);
	end loop;
	return reached;
end
$body$;
create or replace function enter(actor bigint, today date) returns void
language plpgsql as $body$
declare
	actor_role text;
	hidden bigint[] := '{}';
	related bigint[] := '{}';
begin
	-- The relations are themselves behind the wall: look at them with it open, then close it.
	perform set_config('app.actor', actor::text, true), set_config('app.scope', 'all', true),
		set_config('app.hidden', '', true), set_config('app.children', '', true);
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
	perform set_config('app.scope', 'related', true), set_config('app.children', related::text, true);
end
$body$;
drop function invited_child;
drop table pep_invitation;
update account set role = 'school', state = 'ended', ended_at = coalesce(ended_at, created_at), password_hash = null where role = 'colleague';
alter table account drop constraint account_role_check,
	add constraint account_role_check check (role in ('head', 'deputy', 'lead_advisor', 'advisor', 'support_advisor',
		'data_officer', 'social_worker', 'reviewing_officer', 'school', 'service'));

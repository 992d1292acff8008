-- Invitations: somebody is asked to write one section of one plan, until a day. They see that section and
-- nothing else of the child, and nobody has to take it away again: what an invitation opens is worked out
-- anew in every transaction.

alter table account drop constraint account_role_check,
	add constraint account_role_check check (role in ('head', 'deputy', 'lead_advisor', 'advisor', 'support_advisor',
		'data_officer', 'social_worker', 'reviewing_officer', 'school', 'colleague', 'service'));

create table pep_invitation (
	id bigint generated always as identity primary key,
	pep_id bigint not null,
	child_id bigint not null,
	section text not null,
	account_id bigint not null references account, -- who is asked
	setting_id bigint references setting, -- the school that asks: it holds while the child is on roll there; none: the council asks
	invited_by bigint not null references account,
	invited_at timestamptz not null,
	until date not null, -- the last day
	note text not null default '' check (length(note) <= 500),
	known jsonb not null default '{}', -- the facts on record that the section asks about, as shared on the day
	ended_by bigint references account,
	ended_at timestamptz,
	foreign key (pep_id, child_id) references pep (id, child_id),
	foreign key (pep_id, section) references pep_section (pep_id, section),
	check (until >= (invited_at at time zone 'Europe/London')::date),
	check ((ended_by is null) = (ended_at is null))
);
create unique index pep_invitation_once on pep_invitation (pep_id, section, account_id) where ended_at is null;
create index pep_invitation_account on pep_invitation (account_id) where ended_at is null;
create index pep_invitation_child on pep_invitation (child_id) where ended_at is null;
call protect_child_rows('pep_invitation');
grant select, insert on pep_invitation to virtualschool_app;
grant update (ended_by, ended_at) on pep_invitation to virtualschool_app;

-- enter() leaves two more settings: app.invited_plans and app.invited_sections ('child/plan/section'), what
-- the person is invited to today. Only the policies below ask them, on six tables: every other table, and
-- every table to come, stays closed to somebody who is only invited. The plan's row can be held, and not
-- changed; of unsaved words and invitations they find their own.
create policy invited on pep for select
	using (id = any ((select coalesce(nullif(current_setting('app.invited_plans', true), ''), '{}')::bigint[])::bigint[]));
create policy invited_holds on pep for update
	using (id = any ((select coalesce(nullif(current_setting('app.invited_plans', true), ''), '{}')::bigint[])::bigint[])) with check (false);
create policy invited on pep_section
	using (child_id || '/' || pep_id || '/' || section = any ((select coalesce(nullif(current_setting('app.invited_sections', true), ''), '{}')::text[])::text[]));
create policy invited on pep_answer
	using (child_id || '/' || pep_id || '/' || section = any ((select coalesce(nullif(current_setting('app.invited_sections', true), ''), '{}')::text[])::text[]));
create policy invited on pep_invitation for select
	using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
		and child_id || '/' || pep_id || '/' || section = any ((select coalesce(nullif(current_setting('app.invited_sections', true), ''), '{}')::text[])::text[]));
create policy invited on pep_draft
	using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
		and child_id || '/' || pep_id || '/' || part = any ((select coalesce(nullif(current_setting('app.invited_sections', true), ''), '{}')::text[])::text[]));
create policy invited on pep_draft_words
	using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
		and child_id || '/' || pep_id || '/' || part = any ((select coalesce(nullif(current_setting('app.invited_sections', true), ''), '{}')::text[])::text[]));

-- A look is written down also for those who may not read looks at the child.
create policy own_look on audit_look for insert with check (account_id = (select nullif(current_setting('app.actor', true), '')::bigint));

-- What an invited person is told of the child: what the child is called and the year they are taught in. The
-- child's row itself, with all that it holds, stays closed.
create function invited_child(child bigint, plan bigint, part text, today date)
returns table (forename text, surname text, preferred_name text, year int)
language plpgsql as $body$
declare
	scope text := current_setting('app.scope', true);
	hidden text := current_setting('app.hidden', true);
begin
	if (child || '/' || plan || '/' || part = any (coalesce(nullif(current_setting('app.invited_sections', true), ''), '{}')::text[])) is not true then
		return;
	end if;
	perform set_config('app.scope', 'all', true), set_config('app.hidden', '', true);
	return query select coalesce(c.forename, ''), coalesce(c.surname, ''), coalesce(c.preferred_name, ''),
		-- R1: school years begin on 1 September, and Reception is the year after the fourth birthday.
		(extract(year from today - interval '8 months') - extract(year from c.date_of_birth - interval '8 months'))::int - 5 + c.year_offset
		from child c where c.id = child;
	perform set_config('app.scope', scope, true), set_config('app.hidden', hidden, true);
end
$body$;
grant execute on function invited_child to virtualschool_app;

-- As in 000003, and then what the person is invited to. An invitation holds until its day, while the plan
-- can be written, while the child is in care, on the record of nobody it is hidden from, and, where a school
-- asked, while the child is on roll there: who asked may leave.
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

-- As in 000010, with the new settings put back too; and somebody who is invited to a section of the child's
-- plan has not left, so their unsaved words are theirs until the invitation ends.
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

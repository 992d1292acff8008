-- Children in care: who they are, their time in care, where they learn, who works with them.
-- Facts that change are half-open ranges of days, so the record can be read as at any day.

create table child (
	id bigint generated always as identity primary key,
	la_child_id text not null unique check (la_child_id <> ''), -- the 903 identifier
	forename text,
	surname text,
	preferred_name text,
	former_names text[] not null default '{}',
	date_of_birth date not null,
	sex text check (sex in ('M', 'F', 'U')),
	ethnicity text,
	upn text, -- as given; not unique: other systems' mistakes must not stop ours
	upn_quality text not null default 'none' check (upn_quality in ('none', 'valid', 'wrong_letter', 'wrong_shape', 'unknown_code')),
	unaccompanied boolean not null default false,
	unaccompanied_until date,
	year_offset int not null default 0 check (year_offset between -2 and 2), -- taught out of year
	year_offset_reason text,
	source text not null default 'entered' check (source in ('entered', '903', 'seed')),
	search_name text generated always as (plain_name(coalesce(preferred_name, '') || ' ' || coalesce(forename, '') || ' ' || coalesce(surname, '') || ' ' || plain_names(former_names))) stored,
	sort_name text generated always as (coalesce(plain_name(surname), '~') || ' ' || coalesce(plain_name(forename), '') || ' ' || la_child_id) stored,
	created_at timestamptz not null,
	updated_at timestamptz not null,
	version int not null default 1,
	check (year_offset = 0 or year_offset_reason is not null)
);
create index child_upn on child (upn);
create index child_sort on child (sort_name, id);
create index child_search on child using gin (search_name gin_trgm_ops);
call protect_child_rows('child', 'id');

create table care_period (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	period daterange not null check (not isempty(period)),
	end_code text, -- the return's reason a period ceased
	source text not null,
	check (end_code is null or not upper_inf(period)),
	exclude using gist (child_id with =, period with &&)
);
call protect_child_rows('care_period');

create table legal_status (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	code text not null,
	period daterange not null check (not isempty(period)),
	source text not null,
	exclude using gist (child_id with =, period with &&)
);
call protect_child_rows('legal_status');

-- Where a child lives. No address is held: only what kind of place, and whether it is in the authority.
create table placement (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	code text not null,
	provider_code text,
	in_authority boolean,
	period daterange not null check (not isempty(period)),
	source text not null,
	exclude using gist (child_id with =, period with &&)
);
call protect_child_rows('placement');

create table category_of_need (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	code text not null,
	period daterange not null check (not isempty(period)),
	source text not null,
	exclude using gist (child_id with =, period with &&)
);
call protect_child_rows('category_of_need');

create table care_review (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	held_on date not null,
	participation_code text not null,
	source text not null,
	unique (child_id, held_on)
);
call protect_child_rows('care_review');

create table sdq_assessment (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	return_year int not null, -- the year ending 31 March of this year
	score int check (score between 0 and 40),
	reason_code text,
	source text not null,
	check (num_nonnulls(score, reason_code) = 1),
	unique (child_id, return_year)
);
call protect_child_rows('sdq_assessment');

create table previous_permanence (
	child_id bigint primary key references child,
	code text not null,
	ended_on date,
	source text not null
);
call protect_child_rows('previous_permanence');

create table sen_status (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	status text not null check (status in ('N', 'K', 'E')),
	primary_need text,
	period daterange not null check (not isempty(period)),
	source text not null,
	exclude using gist (child_id with =, period with &&)
);
call protect_child_rows('sen_status');

create table roll (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	setting_id bigint not null references setting,
	kind text not null check (kind in ('main', 'dual')),
	period daterange not null check (not isempty(period)),
	end_reason text,
	source text not null,
	exclude using gist (child_id with =, period with &&) where (kind = 'main'),
	exclude using gist (child_id with =, setting_id with =, period with &&)
);
create index roll_setting on roll (setting_id);
call protect_child_rows('roll');

-- Who works with the child. Each part is one person at a time; cover is lent with a reason and an end.
create table allocation (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	account_id bigint not null references account,
	part text not null check (part in ('advisor', 'support_advisor', 'social_worker', 'reviewing_officer', 'cover')),
	period daterange not null check (not isempty(period)),
	reason text,
	source text not null,
	check (part <> 'cover' or (reason is not null and not upper_inf(period))),
	exclude using gist (child_id with =, part with =, period with &&) where (part <> 'cover')
);
create index allocation_account on allocation (account_id);
call protect_child_rows('allocation');

-- A restricted record (adoption, protection) is there only for the people named on it.
create table restriction (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	reason text not null check (reason in ('adoption', 'protection', 'staff_family', 'other')),
	period daterange not null check (not isempty(period)),
	set_by bigint references account,
	exclude using gist (child_id with =, period with &&)
);
call protect_child_rows('restriction');

create table restriction_named (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	account_id bigint not null references account,
	period daterange not null check (not isempty(period)),
	exclude using gist (child_id with =, account_id with =, period with &&)
);
create index restriction_named_account on restriction_named (account_id);
call protect_child_rows('restriction_named');

-- This person never sees this child, whatever else they are given.
create table child_block (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	account_id bigint not null references account,
	reason text not null check (reason <> ''),
	period daterange not null check (not isempty(period)),
	set_by bigint references account,
	exclude using gist (child_id with =, account_id with =, period with &&)
);
create index child_block_account on child_block (account_id);
call protect_child_rows('child_block');

create table note (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	on_day date not null,
	kind text not null check (kind in ('call', 'visit', 'meeting', 'email', 'success', 'other')),
	words text not null check (words <> '' and length(words) <= 10000),
	written_by bigint not null references account,
	written_at timestamptz not null
);
create index note_child on note (child_id, on_day desc);
call protect_child_rows('note');
call append_only('note');

grant select, insert, update on child, care_period, legal_status, placement, category_of_need, care_review,
	sdq_assessment, previous_permanence, sen_status, roll, allocation, restriction, restriction_named, child_block to virtualschool_app;
grant delete on legal_status, placement, category_of_need to virtualschool_app;
grant select, insert on note to virtualschool_app;

-- enter says who asks, and works out once for the whole transaction which children that person may see.
-- Whole cohort: head, deputy, lead advisor, data officer, and the service itself.
-- Related: children allocated to the person today; for a school, children in care on roll there today.
-- Hidden from everyone: restricted records that do not name the person, and blocks.
create function enter(actor bigint, today date) returns void
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
grant execute on function enter to virtualschool_app;

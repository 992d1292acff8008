-- What plain rules found out of the usual in who looked at whom, a week and a person at a time, and what
-- came of asking. Nobody sees what was found about themselves.

create table unusual_week (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	week date not null check (extract(isodow from week) = 1), -- its Monday
	usual int not null check (usual >= 0), -- children on a usual day of theirs
	found_at timestamptz not null,
	verdict text check (verdict in ('fine', 'ask', 'not_fine')),
	words text not null default '' check (length(words) <= 2000),
	reviewed_by bigint references account,
	reviewed_at timestamptz,
	version int not null default 1,
	unique (account_id, week),
	check (num_nulls(verdict, reviewed_by, reviewed_at) in (0, 3)),
	check (verdict is null or verdict = 'fine' or words <> ''),
	check (reviewed_by <> account_id)
);
create index unusual_week_newest on unusual_week (week desc, id);
alter table unusual_week enable row level security;
alter table unusual_week force row level security;
create policy not_oneself on unusual_week using ((select current_setting('app.scope', true)) = 'all'
	and account_id <> (select nullif(current_setting('app.actor', true), '')::bigint));

create table unusual_look (
	id bigint generated always as identity primary key,
	week_id bigint not null references unusual_week,
	child_id bigint not null references child,
	rule text not null check (rule in ('same_surname', 'alone', 'many', 'out_of_hours', 'not_own')),
	day date not null,
	looks int not null check (looks > 0),
	unique (week_id, rule, child_id, day)
);
create index unusual_look_child on unusual_look (child_id);
call protect_child_rows('unusual_look');
create policy with_its_week on unusual_look as restrictive for select using (exists (select from unusual_week w where w.id = week_id));
call append_only('unusual_look');

grant select, insert on unusual_week, unusual_look to virtualschool_app;
grant update (verdict, words, reviewed_by, reviewed_at, version) on unusual_week to virtualschool_app;

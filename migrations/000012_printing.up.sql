-- Many plans printed in one go: who asked, for which plans, and the files that came of it. Nothing of it
-- is kept for more than a day.

create table print_run (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	role text not null, -- of the person when they asked: what they may read in a plan goes by it
	choice text not null check (choice <> ''), -- which plans were asked for, in words
	state text not null default 'waiting' check (state in ('waiting', 'printing', 'done', 'failed')),
	total int not null check (total > 0), -- plans asked for
	printed int not null default 0 check (printed between 0 and total),
	files int not null default 0,
	attempts int not null default 0, -- at the file that is next
	failure text,
	asked_at timestamptz not null,
	finished_at timestamptz,
	expires_at timestamptz not null,
	check ((state = 'failed') = (failure is not null)),
	check ((state in ('done', 'failed')) = (finished_at is not null)),
	check (expires_at > asked_at)
);
create unique index print_run_one_at_a_time on print_run (account_id) where state in ('waiting', 'printing');
create index print_run_expiry on print_run (expires_at);

create table print_run_plan (
	run_id bigint not null references print_run on delete cascade,
	position int not null,
	child_id bigint not null references child,
	pep_id bigint not null,
	file int, -- the file it is in; null: in none yet
	primary key (run_id, position),
	unique (run_id, pep_id),
	foreign key (pep_id, child_id) references pep (id, child_id)
);
create index print_run_plan_child on print_run_plan (child_id);
create index print_run_plan_pep on print_run_plan (pep_id);
call protect_child_rows('print_run_plan');

create table print_file (
	run_id bigint not null references print_run on delete cascade,
	number int not null,
	plans int not null check (plans between 1 and 20),
	content bytea not null,
	made_at timestamptz not null,
	primary key (run_id, number)
);
alter table print_file alter column content set storage external; -- it is compressed as it is

-- A run is its person's own, as long as they have the role in which they asked. The program clears up.
alter table print_run enable row level security;
alter table print_run force row level security;
create policy own on print_run using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
	and role = (select a.role from account a where a.id = nullif(current_setting('app.actor', true), '')::bigint and a.state = 'active')
	or (select current_setting('app.actor', true)) = '1');

create policy own_run on print_run_plan as restrictive using (exists (select from print_run r where r.id = run_id));

-- A file is there only while every child in it is: one who left the caseload takes the file along.
alter table print_file enable row level security;
alter table print_file force row level security;
create policy all_seen on print_file using (exists (select from print_run r where r.id = run_id)
	and plans = (select count(*) from print_run_plan p where p.run_id = print_file.run_id and p.file = print_file.number));

grant select, insert, update, delete on print_run to virtualschool_app;
grant select, insert, update on print_run_plan to virtualschool_app;
grant select, insert on print_file to virtualschool_app;

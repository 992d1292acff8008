-- Files from other systems: what was sent, what it would change, what is wrong with it, who confirmed it.

create table import (
	id bigint generated always as identity primary key,
	kind text not null check (kind in ('gias', '903', 'roll')),
	state text not null check (state in ('uploaded', 'checking', 'previewed', 'applying', 'applied', 'failed', 'discarded')),
	uploaded_by bigint not null references account,
	uploaded_at timestamptz not null,
	as_at date, -- the day the file speaks of, where it says so
	notice text not null default '', -- what the person should know before confirming
	new_count int not null default 0,
	changed_count int not null default 0,
	same_count int not null default 0,
	conflict_count int not null default 0,
	rejected_count int not null default 0,
	done int not null default 0, -- rows read so far, while checking or applying
	total int not null default 0, -- rows there are about; 0: not known
	failure text,
	checked_at timestamptz,
	applied_by bigint references account, -- who confirmed it
	applied_at timestamptz,
	check ((state in ('applying', 'applied')) = (applied_by is not null)),
	check ((state = 'applied') = (applied_at is not null)),
	check ((state = 'failed') = (failure is not null)),
	check (state not in ('previewed', 'applying', 'applied') or checked_at is not null)
);
create index import_recent on import (uploaded_at desc);
create index import_unfinished on import (uploaded_at) where state in ('uploaded', 'checking', 'previewed', 'applying');

create table import_file (
	id bigint generated always as identity primary key,
	import_id bigint not null references import,
	name text not null,
	size bigint not null check (size > 0),
	sha256 bytea not null check (length(sha256) = 32),
	expires_at timestamptz not null -- its content is gone by then, if not before
);
create index import_file_import on import_file (import_id);
create index import_file_sha256 on import_file (sha256);

-- The content of a file, in pieces. It goes as soon as the import is applied, discarded or failed.
create table import_part (
	file_id bigint not null references import_file,
	number int not null,
	content bytea not null,
	primary key (file_id, number)
);
alter table import_part alter column content set storage external; -- most of it is compressed or short
-- A file holds children whom nobody present may see, so only the program reads it back.
alter table import_part enable row level security;
alter table import_part force row level security;
create policy program_reads on import_part using ((select current_setting('app.actor', true)) = '1');
create policy importer_writes on import_part for insert with check ((select current_setting('app.scope', true)) = 'all');

-- One line of the preview. What stays the same is only counted.
create table import_item (
	id bigint generated always as identity primary key,
	import_id bigint not null references import,
	action text not null check (action in ('new', 'changed', 'conflict', 'rejected')),
	key text not null, -- the URN, or the authority's identifier of the child
	name text not null default '',
	file text not null default '',
	line int not null default 0,
	child_id bigint references child,
	words text not null default '',
	changes jsonb not null default '[]' check (jsonb_typeof(changes) = 'array') -- {what, before, after}
);
create index import_item_import on import_item (import_id, action, id);
create index import_item_child on import_item (child_id) where child_id is not null;
call protect_child_rows('import_item', childless => true);

create table import_problem (
	id bigint generated always as identity primary key,
	import_id bigint not null references import,
	file text not null,
	line int not null, -- 0: the file as a whole
	column_name text not null,
	value text not null,
	rule text not null,
	severity text not null check (severity in ('error', 'warning', 'info')),
	text text not null,
	about text not null,
	child_id bigint references child
);
create index import_problem_import on import_problem (import_id, id);
create index import_problem_child on import_problem (child_id) where child_id is not null;
call protect_child_rows('import_problem', childless => true);

-- What the statutory return last said of a child. Where the record says something else, a person has
-- changed it since, and a person's word goes before the return's.
create table child_as_returned (
	child_id bigint primary key references child,
	date_of_birth date not null,
	sex text,
	ethnicity text,
	upn text,
	import_id bigint references import
);
call protect_child_rows('child_as_returned');

grant select, insert, update on import, import_file, child_as_returned to virtualschool_app;
grant select, insert, delete on import_part to virtualschool_app;
grant select, insert, update, delete on import_item, import_problem to virtualschool_app;
-- A later return takes back a period of care that an earlier one gave.
grant delete on care_period to virtualschool_app;

-- Schools send the files of their own registers, and what a file of theirs means is remembered for them.

alter table import add column setting_id bigint references setting; -- whose file it is; none: of several schools, or no school's
create index import_setting on import (setting_id) where setting_id is not null;
alter table import enable row level security;
alter table import force row level security;
create policy everybody on import using (true);
call protect_own_setting('import');

-- Lines and problems about no child of theirs are a school's own mistakes, in a file of its own.
create function import_of_own_school(asked bigint) returns boolean
language sql stable as $body$
	select exists (select from import i join account_setting s on s.setting_id = i.setting_id
		where i.id = asked and s.account_id = nullif(current_setting('app.actor', true), '')::bigint and s.period @> nullif(current_setting('app.today', true), '')::date)
$body$;
create policy own_file on import_item using (child_id is null and import_of_own_school(import_id));
create policy own_file on import_problem using (child_id is null and import_of_own_school(import_id));
create policy own_file on import_part for insert with check (
	exists (select from import_file f where f.id = file_id and import_of_own_school(f.import_id)));

-- What a heading means, for a school, or for every file with these headings.
alter table import_columns add column setting_id bigint references setting, drop constraint import_columns_pkey,
	add constraint import_columns_said unique nulls not distinct (fingerprint, setting_id);

-- What a code of a school's own stands for.
create table attendance_local_code (
	setting_id bigint not null references setting,
	written text not null check (length(written) between 1 and 12), -- as files have it, in capitals
	code text not null check (octet_length(code) <= 2), -- the national code; empty: no mark
	said_by bigint not null references account,
	said_at timestamptz not null,
	primary key (setting_id, written)
);
alter table attendance_local_code enable row level security;
alter table attendance_local_code force row level security;
create policy everybody on attendance_local_code using (true);
call protect_own_setting('attendance_local_code');
grant select, insert, update on attendance_local_code to virtualschool_app;

-- Codes of a file that nobody has said yet what they stand for.
create table import_code (
	import_id bigint not null references import,
	setting_id bigint not null references setting,
	written text not null check (length(written) between 1 and 12),
	marks int not null check (marks > 0), -- how many have it
	primary key (import_id, setting_id, written)
);
alter table import_code enable row level security;
alter table import_code force row level security;
create policy of_import on import_code using (exists (select from import i where i.id = import_id));
grant select, insert, delete on import_code to virtualschool_app;

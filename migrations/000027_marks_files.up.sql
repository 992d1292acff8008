-- Files of attendance marks: what a person said of headings that nobody could tell, once for all files with the same.

alter table import drop constraint import_kind_check, drop constraint import_state_check,
	add constraint import_kind_check check (kind in ('gias', '903', 'roll', 'marks', 'collected')),
	add constraint import_state_check check (state in ('uploaded', 'checking', 'columns', 'previewed', 'applying', 'applied', 'failed', 'discarded')),
	add column question text not null default '', -- what the person is asked about the columns
	add column headings text[] not null default '{}', -- those they choose from
	add column fingerprint text not null default '', -- of the headings
	add constraint import_question check (state <> 'columns' or question <> '');

create table import_columns (
	fingerprint text primary key check (length(fingerprint) = 32),
	columns jsonb not null check (jsonb_typeof(columns) = 'object'), -- what each heading holds
	said_by bigint not null references account,
	said_at timestamptz not null
);
grant select, insert, update on import_columns to virtualschool_app;

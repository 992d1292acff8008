-- Each term those who manage accounts look at who has access: everybody at each school, and everybody who is
-- at none, is kept or ended. What nobody has answered is what has no row here.
create table access_answer (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	setting_id bigint references setting, -- none: the Virtual School and social care
	academic_year int not null check (academic_year between 2000 and 2100),
	term text not null check (term in ('autumn', 'spring', 'summer')),
	answer text not null check (answer in ('keep', 'end')),
	reason text not null default '' check (length(reason) <= 500),
	answered_by bigint not null references account,
	answered_at timestamptz not null,
	check (answer = 'keep' or reason <> ''),
	check (answered_by <> account_id),
	constraint access_answer_once unique nulls not distinct (account_id, setting_id, academic_year, term)
);
create index access_answer_setting on access_answer (setting_id, academic_year, term);
grant select, insert on access_answer to virtualschool_app;

-- What schools counted for the school census: a check of the marks, never figures.
create table attendance_census (
	child_id bigint not null references child,
	setting_id bigint not null references setting,
	academic_year int not null,
	term text not null check (term in ('autumn', 'spring', 'summer')), -- whose sessions they are
	possible int not null check (possible >= 0),
	codes jsonb not null check (jsonb_typeof(codes) = 'object'), -- how many sessions were missed under each
	import_id bigint not null references import,
	primary key (child_id, setting_id, academic_year, term)
);
call protect_child_rows('attendance_census');
call protect_own_setting('attendance_census');
grant select, insert, update on attendance_census to virtualschool_app;

alter table import drop constraint import_kind_check,
	add constraint import_kind_check check (kind in ('gias', '903', 'roll', 'marks', 'collected', 'census'));

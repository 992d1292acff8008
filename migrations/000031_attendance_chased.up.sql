-- Schools are asked once for the marks of a week that have not come (R24).
create table attendance_chased (
	setting_id bigint not null references setting,
	week date not null check (extract(isodow from week) = 1), -- its Monday
	missing int not null check (missing > 0), -- sessions
	chased_at timestamptz not null,
	primary key (setting_id, week)
);
grant select, insert on attendance_chased to virtualschool_app;

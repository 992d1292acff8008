-- Every session accounted for: the marks of school registers, day by day, where each came from, and
-- what it was before somebody put it right.

-- What came in at once: a file, a page a school filled in, a call. Figures are as good as their source, so
-- a less specific one never replaces the mark of a more specific one: rank says which is which.
create table attendance_delivery (
	id int generated always as identity primary key,
	kind text not null check (kind in ('register_file', 'school', 'link', 'collector', 'phone')),
	rank int not null check (rank between 1 and 3),
	setting_id bigint references setting, -- none: of several settings
	label text not null default '' check (length(label) <= 200), -- the file's name, or what was said of the call
	delivered_by bigint not null references account,
	delivered_at timestamptz not null,
	marks int not null default 0 -- how many it held
);
create index attendance_delivery_at on attendance_delivery (delivered_at desc);

-- A child's day at a setting, as its register has it: the raw codes, because what a code counts as depends on
-- its day. Rows are many (a child has 190 a year), so they are narrow and kept by academic year; the numbers
-- of the setting and the deliveries are checked for a whole statement at once, further down.
create table attendance_day (
	child_id bigint not null,
	day date not null,
	setting_id int not null,
	am_from int, -- the delivery the mark is from
	pm_from int,
	half_term text not null check (half_term in ('A1', 'A2', 'Sp1', 'Sp2', 'Su1', 'Su2')), -- of the setting's own calendar
	am text check (octet_length(am) between 1 and 2),
	pm text check (octet_length(pm) between 1 and 2), -- no mark is no data, never absence
	primary key (child_id, day, setting_id),
	check ((am is null) = (am_from is null)),
	check ((pm is null) = (pm_from is null)),
	check (num_nonnulls(am, pm) > 0)
) partition by range (day);
-- Reasons that are still to be found are asked after until they are (R23).
create index attendance_day_unknown on attendance_day (child_id, day) where am = 'N' or pm = 'N';
call protect_child_rows('attendance_day');

-- What a mark was before another delivery put it right.
create table attendance_correction (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	setting_id int not null,
	day date not null,
	session text not null check (session in ('AM', 'PM')),
	was text not null,
	was_from int not null references attendance_delivery,
	became text not null check (became <> was),
	became_from int not null references attendance_delivery
);
create index attendance_correction_child on attendance_correction (child_id, day desc);
call protect_child_rows('attendance_correction');
call append_only('attendance_correction');

-- Two schools neither see nor overwrite each other's marks: a school's own people reach those of the settings
-- that are theirs today, also where both have the child on roll. The sub-selects are read once a statement.
create procedure protect_own_setting(target regclass)
language plpgsql as $body$
begin
	execute format($policy$create policy own_setting on %s as restrictive using (
		coalesce((select role not in ('school', 'colleague') from account where id = nullif(current_setting('app.actor', true), '')::bigint), false)
		or setting_id = any ((select array(select s.setting_id::int from account_setting s
			where s.account_id = nullif(current_setting('app.actor', true), '')::bigint
				and s.period @> nullif(current_setting('app.today', true), '')::date))::int[]))$policy$, target);
end
$body$;
call protect_own_setting('attendance_day');
call protect_own_setting('attendance_correction');

-- Makes an academic year's part where it is missing. Owner's work, lent to the program, which asks before it
-- keeps the first mark of a year.
create function attendance_year(year int) returns void
language plpgsql security definer set search_path = public, pg_temp as $body$
declare
	name text := format('attendance_day_%s', year);
begin
	if year not between 2000 and 2100 then
		raise exception 'there is no academic year %', year using errcode = 'check_violation';
	end if;
	if to_regclass(name) is not null then
		return;
	end if;
	execute format('create table %I partition of attendance_day for values from (%L) to (%L)', name, make_date(year, 9, 1), make_date(year + 1, 9, 1));
	execute format('alter table %I enable row level security', name);
	execute format('alter table %I force row level security', name);
end
$body$;
revoke execute on function attendance_year from public;
grant execute on function attendance_year to virtualschool_app;
select attendance_year(year) from generate_series(2020, 2027) year;

-- What a row speaks of exists: asked once for all the rows of a statement, where a foreign key would ask for each.
create function attendance_day_refers() returns trigger
language plpgsql as $body$
begin
	if exists (select from (select distinct child_id from fresh) f where not exists (select from child c where c.id = f.child_id))
		or exists (select from (select distinct setting_id from fresh) f where not exists (select from setting s where s.id = f.setting_id))
		or exists (select from (select am_from as id from fresh union select pm_from from fresh) f
			where f.id is not null and not exists (select from attendance_delivery d where d.id = f.id)) then
		raise exception 'a mark of no child, setting or delivery' using errcode = 'foreign_key_violation', constraint = 'attendance_day_refers';
	end if;
	return null;
end
$body$;
create trigger refers_new after insert on attendance_day referencing new table as fresh for each statement execute function attendance_day_refers();
create trigger refers_changed after update on attendance_day referencing new table as fresh for each statement execute function attendance_day_refers();

-- A half term's figures are now either reported or made from marks; marks win where there are any.
alter table attendance_half_term
	add column from_marks boolean not null default false,
	add column received int not null default 0 check (received >= possible or not from_marks), -- sessions with a mark of any kind
	add column unknown int not null default 0 check (unknown between 0 and unauthorised); -- of those missed: no reason yet
create index attendance_half_term_year on attendance_half_term (academic_year, child_id);

grant select, insert on attendance_delivery, attendance_correction to virtualschool_app;
grant update (marks) on attendance_delivery to virtualschool_app;
grant select, insert, update on attendance_day to virtualschool_app;

-- What the rows of a statement speak of is gathered in one reading of them.
create or replace function attendance_day_refers() returns trigger
language plpgsql as $body$
declare
	astray boolean;
begin
	with spoken as materialized (select distinct child_id, setting_id, am_from, pm_from from fresh)
	select exists (select from spoken f where not exists (select from child c where c.id = f.child_id))
		or exists (select from spoken f where not exists (select from setting s where s.id = f.setting_id))
		or exists (select from spoken f cross join lateral (values (f.am_from), (f.pm_from)) v(id)
			where v.id is not null and not exists (select from attendance_delivery d where d.id = v.id))
	into astray;
	if astray then
		raise exception 'a mark of no child, setting or delivery' using errcode = 'foreign_key_violation', constraint = 'attendance_day_refers';
	end if;
	return null;
end
$body$;

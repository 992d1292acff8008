create or replace function attendance_day_refers() returns trigger
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

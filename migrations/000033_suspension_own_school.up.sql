-- Everything kept beside a suspension is, like the suspension, written by a school's own people about their own
-- school's only: who was told, what education there is, what the governing board decided, and its papers.

create function writes_for_suspension(event bigint) returns boolean
language sql stable as $body$
	select coalesce((select writes_for_setting(s.setting_id) from suspension s where s.id = event), false)
$body$;
grant execute on function writes_for_suspension to virtualschool_app;

-- Another school's suspension is not taken over either: both what it was and what it becomes are held.
drop policy own_school_changes on suspension;
create policy own_school_changes on suspension as restrictive for update using (writes_for_setting(setting_id));

do $body$
declare
	side text;
begin
	foreach side in array array['suspension_notice', 'suspension_reader', 'suspension_education', 'suspension_review'] loop
		execute format('create policy own_school_adds on %I as restrictive for insert with check (writes_for_suspension(suspension_id))', side);
		execute format('create policy own_school_changes on %I as restrictive for update using (writes_for_suspension(suspension_id))', side);
		execute format('create policy own_school_removes on %I as restrictive for delete using (writes_for_suspension(suspension_id))', side);
	end loop;
end
$body$;

-- That somebody read of it is said by that person alone, and by no school.
create policy own_reading on suspension_reader as restrictive for update using (true)
	with check (read_by is null or read_by = nullif(current_setting('app.actor', true), '')::bigint and not exists (select from account where id = read_by and role = 'school'));

create policy own_school_papers on document as restrictive for insert with check (subject <> 'suspension' or writes_for_suspension(subject_id));

drop policy own_school_papers on document;
drop policy own_reading on suspension_reader;
do $body$
declare
	side text;
begin
	foreach side in array array['suspension_notice', 'suspension_reader', 'suspension_education', 'suspension_review'] loop
		execute format('drop policy own_school_adds on %I', side);
		execute format('drop policy own_school_changes on %I', side);
		execute format('drop policy own_school_removes on %I', side);
	end loop;
end
$body$;
drop policy own_school_changes on suspension;
create policy own_school_changes on suspension as restrictive for update using (true) with check (writes_for_setting(setting_id));
drop function writes_for_suspension;

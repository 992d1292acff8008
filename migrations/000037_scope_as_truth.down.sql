do $body$
declare
	p record;
	altered int := 0;
	after constant text := '(( SELECT current_setting(''app.scope''::text, true) AS current_setting) = ''all''::text)';
	before constant text := '( SELECT (current_setting(''app.scope''::text, true) = ''all''::text))';
begin
	for p in select schemaname, tablename, policyname, qual, with_check from pg_policies
		where position(before in coalesce(qual, '') || coalesce(with_check, '')) > 0
	loop
		if p.qual is not null then
			execute format('alter policy %I on %I.%I using (%s)', p.policyname, p.schemaname, p.tablename, replace(p.qual, before, after));
		end if;
		if p.with_check is not null then
			execute format('alter policy %I on %I.%I with check (%s)', p.policyname, p.schemaname, p.tablename, replace(p.with_check, before, after));
		end if;
		altered := altered + 1;
	end loop;
	if altered = 0 then
		raise exception 'no policy reads as expected';
	end if;
end
$body$;

create or replace procedure protect_child_rows(target regclass, child_column name default 'child_id', childless boolean default false)
language plpgsql as $body$
declare
	visible text := format($policy$(
		((select current_setting('app.scope', true)) = 'all'
			and %1$I <> all ((select coalesce(nullif(current_setting('app.hidden', true), ''), '{}')::bigint[])::bigint[]))
		or %1$I = any ((select coalesce(nullif(current_setting('app.children', true), ''), '{}')::bigint[])::bigint[])
	)$policy$, child_column);
begin
	if childless then -- rows about no child are for those who see the whole cohort
		visible := format($policy$(%s or (%I is null and (select current_setting('app.scope', true)) = 'all'))$policy$, visible, child_column);
	end if;
	execute format('alter table %s enable row level security', target);
	execute format('alter table %s force row level security', target);
	execute format('create policy related on %s using %s', target, visible);
end
$body$;

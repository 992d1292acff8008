-- What every later table stands on: name matching, ranges, and the wall.
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists fuzzystrmatch;
create extension if not exists btree_gist;

grant usage on schema public to virtualschool_app;
alter default privileges in schema public grant usage on sequences to virtualschool_app;

-- unaccent() is only stable, because a dictionary may be changed; ours never is,
-- and a generated column needs an immutable function.
create function plain_name(words text) returns text
language sql immutable strict parallel safe as
$$ select trim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, words)), '[^a-z0-9]+', ' ', 'g')) $$;

create function plain_names(words text[]) returns text
language sql immutable strict parallel safe as
$$ select public.plain_name(array_to_string(words, ' ')) $$;

-- The wall. Each transaction begins with enter(actor, today) (000003), which
-- leaves four transaction-local settings: app.actor, app.scope ('all' or
-- 'related'), app.hidden (children nobody told this person of) and app.children
-- (the children this person works with). A policy compares a row's child with
-- those. The scalar sub-selects make each setting an InitPlan, read once a
-- statement and not once a row; nullif is needed because a finished transaction
-- leaves '' behind, not NULL. No actor, no rows.
create procedure protect_child_rows(target regclass, child_column name default 'child_id', childless boolean default false)
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

-- A table that only grows: neither the program nor the owner changes or removes a row.
create function refuse_change() returns trigger
language plpgsql as $body$
begin
	raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end
$body$;

create procedure append_only(target regclass)
language plpgsql as $body$
begin
	execute format('create trigger append_only before update or delete on %s for each row execute function refuse_change()', target);
	execute format('create trigger append_only_truncate before truncate on %s for each statement execute function refuse_change()', target);
end
$body$;

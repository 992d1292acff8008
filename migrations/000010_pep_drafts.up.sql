-- Words typed into a part of a plan and not saved yet. That there are some is for all who see the
-- child; what they say is the writer's own until they leave or hand over.
create table pep_draft (
	pep_id bigint not null,
	child_id bigint not null,
	part text not null check (part <> ''),
	account_id bigint not null references account,
	page text not null, -- the page they were typed on: two windows do not write over each other
	turn int not null, -- counts on that page: what is sent late does not write over what came after
	base_version int not null, -- the version of the part that the page showed
	saved_at timestamptz not null,
	expires_at timestamptz not null,
	primary key (pep_id, part, account_id),
	unique (pep_id, part, account_id, child_id),
	foreign key (pep_id, child_id) references pep (id, child_id),
	check (expires_at > saved_at)
);
create index pep_draft_expiry on pep_draft (expires_at);
call protect_child_rows('pep_draft');

create table pep_draft_words (
	pep_id bigint not null,
	child_id bigint not null,
	part text not null,
	account_id bigint not null,
	fields jsonb not null check (jsonb_typeof(fields) = 'object'),
	handed_over boolean not null default false,
	primary key (pep_id, part, account_id),
	foreign key (pep_id, part, account_id, child_id) references pep_draft (pep_id, part, account_id, child_id) on delete cascade
);
call protect_child_rows('pep_draft_words');

-- Whether a person can open a child's record on a day: entered as that person, what is there? Then
-- the one who asks is put back in place.
create function reaches_child(person bigint, child bigint, on_day date) returns boolean
language plpgsql strict cost 10000 as $body$
declare
	names constant text[] := '{app.actor,app.scope,app.hidden,app.children}';
	before text[];
	reached boolean;
begin
	before := array(select current_setting(name, true) from unnest(names) with ordinality n (name, at) order by at);
	perform enter(person, on_day);
	reached := (current_setting('app.scope') = 'all' and child <> all (coalesce(nullif(current_setting('app.hidden'), ''), '{}')::bigint[]))
		or child = any (coalesce(nullif(current_setting('app.children'), ''), '{}')::bigint[]);
	for n in 1 .. cardinality(names) loop
		perform set_config(names[n], before[n], true);
	end loop;
	return reached;
end
$body$;
revoke execute on function reaches_child from public;
grant execute on function reaches_child to virtualschool_app;

-- Who may read unsaved words: who typed them; and whoever works on the plan once they were handed
-- over, or their writer can no longer open the child's record (another school, another social
-- worker, an account that has ended). The reader says which day it is; a reader who does not, reads
-- their own.
create policy own_or_left on pep_draft_words as restrictive
	using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
		or handed_over
		or not reaches_child(account_id, child_id, (select nullif(current_setting('app.today', true), '')::date)))
	with check (account_id = (select nullif(current_setting('app.actor', true), '')::bigint));

-- A draft is written by its writer, and removed by those who may read it or when it has expired.
create policy own_insert on pep_draft as restrictive for insert
	with check (account_id = (select nullif(current_setting('app.actor', true), '')::bigint));
create policy own_update on pep_draft as restrictive for update
	using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint));
create policy read_delete on pep_draft as restrictive for delete
	using ((select current_setting('app.actor', true)) = '1' or exists (select from pep_draft_words w
		where w.pep_id = pep_draft.pep_id and w.part = pep_draft.part and w.account_id = pep_draft.account_id));

grant select, insert, update, delete on pep_draft, pep_draft_words to virtualschool_app;

-- Who said that an answer taken over from the record or from the last plan still holds, and when.
alter table pep_answer
	add column confirmed_by bigint references account,
	add column confirmed_at timestamptz,
	add check ((confirmed_by is null) = (confirmed_at is null));

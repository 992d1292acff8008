-- Whoever writes a note may say that all of it is about somebody else, or came from them; words of it stand
-- between double square brackets. Both are looked at before the record is shared with the child it is about.
alter table note add column third_party text not null default '' check (third_party in ('', 'about', 'from'));

-- Somebody asks to see what is held about a child (UK GDPR art. 15): from the asking to the copy in their hands.
create table subject_access (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	asked_by text not null check (asked_by in ('young_person', 'parent', 'carer', 'solicitor', 'other')),
	asked_name text not null check (asked_name <> '' and length(asked_name) <= 200),
	came_how text not null check (came_how in ('in_person', 'letter', 'email', 'phone', 'web')),
	received_on date not null,
	identity_how text not null default '' check (length(identity_how) <= 1000), -- how it was checked who asks; empty: not yet
	identity_on date,
	entitled text not null default '' check (length(entitled) <= 2000), -- why who asks may have it
	extended_on date,
	extension_reason text not null default '' check (length(extension_reason) <= 2000),
	state text not null default 'open' check (state in ('open', 'prepared', 'released', 'handed_over', 'closed')),
	logged_by bigint not null references account,
	logged_at timestamptz not null,
	passages int,
	left_out int,
	prepared_by bigint references account,
	prepared_at timestamptz,
	returned_words text not null default '' check (length(returned_words) <= 4000),
	returned_by bigint references account,
	returned_at timestamptz,
	released_by bigint references account,
	released_at timestamptz,
	expires_on date, -- from this day on the copy kept here is no longer given out, and goes
	handed_on date,
	handed_how text check (length(handed_how) <= 2000),
	handed_by bigint references account,
	closed_words text check (length(closed_words) <= 4000),
	closed_by bigint references account,
	closed_at timestamptz,
	version int not null default 1,
	unique (id, child_id),
	check ((identity_how = '') = (identity_on is null)),
	check ((extension_reason = '') = (extended_on is null)),
	check (num_nonnulls(prepared_by, prepared_at, passages, left_out) in (0, 4)),
	check (num_nonnulls(released_by, released_at, expires_on) in (0, 3)),
	check (num_nonnulls(handed_by, handed_on, handed_how) in (0, 3)),
	check (num_nonnulls(closed_by, closed_at, closed_words) in (0, 3)),
	check (state not in ('prepared', 'released', 'handed_over') or prepared_by is not null and identity_on is not null),
	check ((state in ('released', 'handed_over')) = (released_by is not null)),
	check ((state = 'handed_over') = (handed_by is not null)),
	check ((state = 'closed') = (closed_by is not null)),
	constraint subject_access_two_people check (released_by <> prepared_by)
);
create index subject_access_child on subject_access (child_id);
call protect_child_rows('subject_access');

-- Who prepared and who released is the one who does it, and nobody else.
create function subject_access_in_own_name() returns trigger
language plpgsql as $body$
declare
	actor bigint := nullif(current_setting('app.actor', true), '')::bigint;
begin
	if (new.prepared_by is distinct from old.prepared_by and new.prepared_by is distinct from actor and new.prepared_by is not null)
		or (new.released_by is distinct from old.released_by and new.released_by is distinct from actor) then
		raise exception 'a copy is prepared and released in one''s own name' using errcode = 'check_violation', constraint = 'subject_access_own_name';
	end if;
	return new;
end
$body$;
create trigger own_name before update on subject_access for each row execute function subject_access_in_own_name();

-- What a reader decided of a text that somebody typed: all of it is shared, the words between brackets are
-- left out, or the whole. It holds for the text as it was read.
create table subject_access_passage (
	request_id bigint not null,
	child_id bigint not null,
	passage text not null check (length(passage) <= 300),
	decision text not null check (decision in ('share', 'marked', 'whole')),
	words text not null, -- the text with the brackets as the reader put them
	of_text bytea not null, -- sha256 of the text that was read
	reason text not null check (reason in ('', 'third_party', 'serious_harm', 'legal')),
	why text not null default '' check (length(why) <= 2000),
	decided_by bigint not null references account,
	decided_at timestamptz not null,
	primary key (request_id, passage),
	foreign key (request_id, child_id) references subject_access (id, child_id),
	check ((decision = 'share') = (reason = ''))
);
call protect_child_rows('subject_access_passage');

-- That somebody went through the texts of a part of the record, as they were then.
create table subject_access_reading (
	request_id bigint not null,
	child_id bigint not null,
	chapter text not null,
	of_texts bytea not null, -- sha256 of the texts that were read
	read_by bigint not null references account,
	read_at timestamptz not null,
	primary key (request_id, chapter),
	foreign key (request_id, child_id) references subject_access (id, child_id)
);
call protect_child_rows('subject_access_reading');

-- The copy as it was made: never changed; gone when it is sent back to be made again, or has expired.
create table subject_access_file (
	request_id bigint not null,
	child_id bigint not null,
	number int not null,
	name text not null,
	media_type text not null,
	content bytea not null,
	sha256 bytea not null,
	primary key (request_id, number),
	foreign key (request_id, child_id) references subject_access (id, child_id)
);
call protect_child_rows('subject_access_file');

create function subject_access_file_stays() returns trigger
language plpgsql as $body$
begin
	if tg_op = 'DELETE' and exists (select from subject_access r where r.id = old.request_id
		and (r.state in ('open', 'closed') or r.expires_on <= nullif(current_setting('app.today', true), '')::date)) then
		return old;
	end if;
	raise exception 'a copy of a record stays as it was made' using errcode = 'restrict_violation', constraint = 'subject_access_file_stays';
end
$body$;
create trigger stays before update or delete on subject_access_file for each row execute function subject_access_file_stays();
-- Files come into a request that is still open, in the act that prepares it.
create function subject_access_file_comes() returns trigger
language plpgsql as $body$
begin
	if not exists (select from subject_access r where r.id = new.request_id and r.state = 'open') then
		raise exception 'the copy is made' using errcode = 'restrict_violation', constraint = 'subject_access_file_comes';
	end if;
	return new;
end
$body$;
create trigger comes before insert on subject_access_file for each row execute function subject_access_file_comes();

grant select, insert, update on subject_access, subject_access_passage, subject_access_reading to virtualschool_app;
grant delete on subject_access_passage to virtualschool_app;
grant select, insert, delete on subject_access_file to virtualschool_app;

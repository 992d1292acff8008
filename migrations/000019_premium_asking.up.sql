-- Asking for Pupil Premium Plus: drafts, what a request is made of, who benefits, under which paying
-- policy it was asked; the termly release; and documents of any feature.

alter table premium_request
	add column ends_on date,
	add column group_size int check (group_size between 2 and 500), -- none: for this child alone; a group is a number, never names
	add column scheme text, -- the paying policy under which it was asked; none: before policies were kept
	add column scheme_version int,
	add column exception_reason text not null default '' check (length(exception_reason) <= 4000), -- why to pay what the policy does not fund
	add column release_year int, -- of a termly release: the academic year and term
	add column release_term text check (release_term in ('autumn', 'spring', 'summer')),
	drop constraint premium_request_category_check,
	drop constraint premium_request_purpose_check,
	drop constraint premium_request_expected_difference_check,
	drop constraint premium_request_amount_pence_check,
	add constraint premium_request_category_check check (category in ('one_to_one_tuition', 'small_group', 'literacy', 'numeracy', 'speech_and_language',
		'therapeutic', 'mentoring', 'attendance', 'equipment', 'technology', 'enrichment', 'trips', 'exams', 'transition', 'staff_training',
		'alternative_provision', 'other', 'termly_release')),
	add constraint premium_request_purpose_check check (length(purpose) <= 4000),
	add constraint premium_request_expected_difference_check check (length(expected_difference) <= 4000),
	add constraint premium_request_amount_pence_check check (amount_pence between 0 and 100000000),
	add constraint premium_request_dates check (ends_on >= starts_on),
	add constraint premium_request_scheme check ((scheme is null) = (scheme_version is null)),
	add constraint premium_request_release check ((release_year is null) = (release_term is null) and (category = 'termly_release') = (release_term is not null)),
	-- A draft may still lack anything; whoever is asked is told all of it.
	alter column category drop not null,
	add constraint premium_request_whole check (state in ('draft', 'withdrawn')
		or (category is not null and purpose <> '' and expected_difference <> '' and amount_pence > 0));
create unique index premium_released_once on premium_request (child_id, setting_id, release_year, release_term) where release_term is not null;
create index premium_request_drafts on premium_request (asked_by) where state = 'draft';

-- A draft is seen by the one who writes it and by nobody else.
create policy draft_is_ones_own on premium_request as restrictive
	using (state <> 'draft' or asked_by = nullif((select current_setting('app.actor', true)), '')::bigint);

-- When somebody asked, and under which policy, is told once: when a draft is sent.
create function premium_sent() returns trigger
language plpgsql as $body$
begin
	if old.state <> 'draft' and new.state = 'draft' then
		raise exception 'request % is no draft any more', old.id using errcode = 'check_violation', constraint = 'premium_sent_once';
	end if;
	if old.state <> 'draft' and new.asked_at <> old.asked_at then
		raise exception 'request % keeps its place in the queue', old.id using errcode = 'check_violation', constraint = 'premium_sent_once';
	end if;
	return new;
end
$body$;
create trigger premium_sent before update on premium_request for each row execute function premium_sent();

-- What a request is made of. The request's amount is their sum.
create table premium_item (
	request_id bigint not null,
	child_id bigint not null,
	position int not null check (position between 1 and 30),
	what text not null check (length(what) <= 200),
	quantity int not null check (quantity between 1 and 10000),
	unit_pence bigint not null check (unit_pence between 0 and 100000000),
	primary key (request_id, position),
	foreign key (request_id, child_id) references premium_request (id, child_id)
);
call protect_child_rows('premium_item');

create function premium_item_open() returns trigger
language plpgsql as $body$
begin
	if not exists (select from premium_request where id = coalesce(new.request_id, old.request_id) and state in ('draft', 'asked', 'returned')) then
		raise exception 'the request''s items stay as they were decided' using errcode = 'check_violation', constraint = 'premium_decided_once';
	end if;
	return coalesce(new, old);
end
$body$;
create trigger premium_item_open before insert or update or delete on premium_item for each row execute function premium_item_open();

create function premium_sum() returns trigger
language plpgsql as $body$
declare
	request bigint := case tg_table_name when 'premium_request' then (to_jsonb(new) ->> 'id')::bigint else (to_jsonb(coalesce(new, old)) ->> 'request_id')::bigint end;
begin
	if exists (select from premium_request r, lateral (select count(*) as items, sum(quantity * unit_pence) as total, bool_or(what = '' or unit_pence = 0) as unfinished
			from premium_item where request_id = r.id) i
		where r.id = request and i.items > 0 and (i.total <> r.amount_pence or i.unfinished and r.state not in ('draft', 'withdrawn'))) then
		raise exception 'request % is the sum of its items', request using errcode = 'check_violation', constraint = 'premium_sum_of_items';
	end if;
	return null;
end
$body$;
create constraint trigger premium_sum after insert or update or delete on premium_item deferrable initially deferred for each row execute function premium_sum();
create constraint trigger premium_sum after insert or update of amount_pence, state on premium_request deferrable initially deferred for each row execute function premium_sum();

-- Documents of any feature, kept beside the record they belong to and never changed.
create table document (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	subject text not null check (subject ~ '^[a-z][a-z_]{0,39}$'), -- what it belongs to: premium_request, suspension
	subject_id bigint not null,
	name text not null check (name <> '' and length(name) <= 120),
	media_type text not null check (media_type <> ''),
	bytes int not null check (bytes between 1 and 10485760),
	sha256 bytea not null check (length(sha256) = 32),
	content bytea not null check (length(content) = bytes),
	added_by bigint not null references account,
	added_at timestamptz not null
);
create index document_of on document (child_id, subject, subject_id);
call protect_child_rows('document');
call append_only('document');

grant update (setting_id, stream, asked_at, ends_on, group_size, scheme, scheme_version, exception_reason) on premium_request to virtualschool_app;
grant select, insert, delete on premium_item to virtualschool_app;
grant select, insert on document to virtualschool_app;

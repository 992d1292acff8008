-- The child's voice: what a child asked for and what came of it, and the page on which a young person
-- says it without an account.

-- The young person says who may see their words: everyone at the meeting, or "only my social worker and
-- the Virtual School". Beside the relation that protect_child_rows asks for, this asks for the role. The
-- sub-select makes it an InitPlan, read once a statement.
create procedure protect_audience(target regclass)
language plpgsql as $body$
begin
	execute format($policy$create policy audience on %s as restrictive using (audience = 'everyone'
		or (select role from account where id = nullif(current_setting('app.actor', true), '')::bigint)
			in ('head', 'deputy', 'lead_advisor', 'advisor', 'support_advisor', 'social_worker', 'service'))$policy$, target);
end
$body$;

-- A link that works once, for one plan. Only the hash of its token is kept.
create table voice_link (
	id bigint generated always as identity primary key,
	child_id bigint not null,
	pep_id bigint not null,
	token_hash text not null unique,
	reading_level text not null check (reading_level in ('pictures', 'plain', 'adult')),
	made_by bigint not null references account,
	made_at timestamptz not null,
	expires_at timestamptz not null,
	revoked_by bigint references account,
	revoked_at timestamptz,
	used_at timestamptz,
	used_key text, -- the form that used it: sent twice it is answered twice, as having worked
	foreign key (pep_id, child_id) references pep (id, child_id),
	unique (id, child_id),
	check (expires_at > made_at),
	check (revoked_at is null or used_at is null),
	check ((revoked_at is null) = (revoked_by is null)),
	check ((used_at is null) = (used_key is null))
);
create index voice_link_plan on voice_link (pep_id);
call protect_child_rows('voice_link');

-- What a young person sent through a link: one for each link.
create table voice_reply (
	id bigint generated always as identity primary key,
	child_id bigint not null,
	pep_id bigint not null,
	link_id bigint not null unique,
	audience text not null check (audience in ('everyone', 'social_work')),
	answers jsonb not null, -- in order: what was asked, as it was worded, and what was said
	sent_at timestamptz not null,
	foreign key (pep_id, child_id) references pep (id, child_id),
	foreign key (link_id, child_id) references voice_link (id, child_id),
	unique (id, child_id)
);
create index voice_reply_plan on voice_reply (pep_id);
call protect_child_rows('voice_reply');
call append_only('voice_reply');
call protect_audience('voice_reply');

-- A wish is open until somebody answers it. What was said, when, and who may see it never change, and
-- no wish is removed.
create table wish (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	pep_id bigint, -- none: said between plans
	reply_id bigint, -- none: somebody took it down
	words text not null check (words <> '' and length(words) <= 1000),
	said_on date not null,
	audience text not null default 'everyone' check (audience in ('everyone', 'social_work')),
	state text not null default 'open' check (state in ('open', 'answered', 'withdrawn')),
	recorded_by bigint not null references account,
	recorded_at timestamptz not null,
	withdrawn_note text,
	withdrawn_by bigint references account,
	withdrawn_at timestamptz,
	version int not null default 1,
	foreign key (pep_id, child_id) references pep (id, child_id),
	foreign key (reply_id, child_id) references voice_reply (id, child_id),
	unique (id, child_id),
	check ((state = 'withdrawn') = (withdrawn_note <> '' and withdrawn_by is not null and withdrawn_at is not null))
);
create index wish_child on wish (child_id, said_on);
create index wish_open on wish (said_on) where state = 'open';
call protect_child_rows('wish');
call protect_audience('wish');

-- "You said, we did". A promise is answered again when it is kept; the newest answer holds.
create table wish_answer (
	id bigint generated always as identity primary key,
	wish_id bigint not null,
	child_id bigint not null,
	kind text not null check (kind in ('done', 'will_happen', 'cannot')),
	words text not null check (words <> '' and length(words) <= 1000),
	happens_by date,
	answered_by bigint not null references account,
	answered_at timestamptz not null,
	told_on date, -- the child was told
	told_by bigint references account,
	foreign key (wish_id, child_id) references wish (id, child_id),
	check ((kind = 'will_happen') = (happens_by is not null)),
	check ((told_on is null) = (told_by is null))
);
create index wish_answer_wish on wish_answer (wish_id, id);
create index wish_answer_child on wish_answer (child_id);
call protect_child_rows('wish_answer');
create policy audience on wish_answer as restrictive using (exists (select from wish w where w.id = wish_id));

grant select, insert on voice_link, voice_reply, wish, wish_answer to virtualschool_app;
grant update (revoked_by, revoked_at, used_at, used_key) on voice_link to virtualschool_app;
grant update (state, withdrawn_note, withdrawn_by, withdrawn_at, version) on wish to virtualschool_app;
grant update (told_on, told_by) on wish_answer to virtualschool_app;

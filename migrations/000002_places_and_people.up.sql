-- Places of learning, the calendars they keep, and the people who sign in.

create table local_authority (
	code text primary key check (code ~ '^[0-9]{3}$'),
	name text not null
);

create table setting (
	id bigint generated always as identity primary key,
	urn int unique check (urn between 100000 and 999999),
	name text not null check (name <> ''),
	authority_code text,
	authority_name text,
	establishment_number text,
	ukprn text,
	type_code int,
	type_name text,
	phase_code int,
	phase_name text,
	status text not null default 'open' check (status in ('open', 'closed', 'closing', 'proposed')),
	opened_on date,
	closed_on date,
	low_age int,
	high_age int,
	gender text,
	sixth_form boolean,
	nursery boolean,
	religious_character text,
	street text,
	locality text,
	town text,
	county text,
	postcode text,
	telephone text,
	website text,
	head_name text,
	head_title text,
	rating_scheme text,
	rating text,
	rated_on date,
	easting int,
	northing int,
	source text not null check (source in ('gias', 'local')),
	as_at date,
	search_name text generated always as (plain_name(name || ' ' || coalesce(town, '') || ' ' || coalesce(postcode, ''))) stored,
	version int not null default 1,
	check (source = 'local' or urn is not null)
);
create index setting_search on setting using gin (search_name gin_trgm_ops);
create index setting_authority on setting (authority_code, establishment_number);

-- Predecessors and successors as the register gives them; the other end need not be known to us.
create table setting_link (
	urn int not null,
	link_urn int not null,
	link_name text not null,
	link_type text not null,
	established_on date,
	as_at date,
	primary key (urn, link_urn, link_type)
);
create index setting_link_other on setting_link (link_urn);

create table bank_holiday (
	day date primary key,
	title text not null,
	source text not null
);

-- A term belongs to an authority, or to one setting that keeps its own dates.
create table term (
	id bigint generated always as identity primary key,
	authority_code text,
	setting_id bigint references setting,
	academic_year int not null check (academic_year between 2000 and 2100),
	name text not null check (name in ('autumn', 'spring', 'summer')),
	starts date not null,
	ends date not null,
	half_term_from date,
	half_term_to date,
	pep_cut_off date, -- the local last day for a termly review (R9); none: the last day of term
	source text not null,
	check (num_nonnulls(authority_code, setting_id) = 1),
	check (starts < ends),
	check ((half_term_from is null) = (half_term_to is null)),
	check (half_term_from is null or (half_term_from > starts and half_term_to < ends and half_term_from <= half_term_to)),
	check (pep_cut_off is null or pep_cut_off between starts and ends + 30)
);
create unique index term_authority on term (authority_code, academic_year, name) where setting_id is null;
create unique index term_setting on term (setting_id, academic_year, name) where setting_id is not null;

-- Days in term on which a place is closed: training days, snow, elections.
create table closed_day (
	id bigint generated always as identity primary key,
	authority_code text,
	setting_id bigint references setting,
	day date not null,
	reason text not null,
	check (num_nonnulls(authority_code, setting_id) = 1)
);
create unique index closed_day_authority on closed_day (authority_code, day) where setting_id is null;
create unique index closed_day_setting on closed_day (setting_id, day) where setting_id is not null;

create table account (
	id bigint generated always as identity primary key,
	email text not null unique check (email = lower(email) and length(email) <= 254),
	name text not null check (name <> ''),
	role text not null check (role in ('head', 'deputy', 'lead_advisor', 'advisor', 'support_advisor',
		'data_officer', 'social_worker', 'reviewing_officer', 'school', 'service')),
	state text not null check (state in ('invited', 'active', 'ended')),
	password_hash text,
	created_at timestamptz not null,
	signed_in_at timestamptz,
	ended_at timestamptz,
	version int not null default 1,
	check ((state = 'ended') = (ended_at is not null)),
	check (role <> 'service' or password_hash is null)
);

-- Who belongs to which setting, in what post, from when to when.
create table account_setting (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	setting_id bigint not null references setting,
	post text not null check (post in ('designated_teacher', 'colleague')),
	period daterange not null check (not isempty(period)),
	exclude using gist (account_id with =, setting_id with =, period with &&)
);
create index account_setting_setting on account_setting (setting_id);

create table session (
	token_hash text primary key,
	data bytea not null,
	account_id bigint references account,
	created_at timestamptz not null,
	touched_at timestamptz not null, -- the last use, to the minute
	expires_at timestamptz not null
);
create index session_expiry on session (expires_at);
create index session_account on session (account_id);

-- Single-use links: an invitation or a password reset.
create table account_link (
	token_hash text primary key,
	account_id bigint not null references account,
	purpose text not null check (purpose in ('invitation', 'reset')),
	created_at timestamptz not null,
	expires_at timestamptz not null,
	used_at timestamptz,
	check (expires_at > created_at)
);
create index account_link_account on account_link (account_id);

-- Failed sign-ins, for slowing down; who and whence are kept only as hashes.
create table sign_in_failure (
	id bigint generated always as identity primary key,
	account_hash text not null,
	address_hash text not null,
	at timestamptz not null
);
create index sign_in_failure_account on sign_in_failure (account_hash, at);
create index sign_in_failure_address on sign_in_failure (address_hash, at);

-- One row for each form that changed something: a second submit finds the first one's answer.
create table form_submission (
	account_id bigint not null references account,
	key uuid not null,
	content_hash bytea not null,
	location text,
	at timestamptz not null,
	primary key (account_id, key)
);
create index form_submission_age on form_submission (at);

-- Local practice is data: a named value, true for a range of days, with its source.
create table policy_value (
	id bigint generated always as identity primary key,
	key text not null,
	value jsonb not null,
	valid daterange not null check (not isempty(valid)),
	source text not null,
	set_by bigint references account,
	set_at timestamptz not null,
	exclude using gist (key with =, valid with &&)
);

grant select, insert, update on local_authority, setting, setting_link, bank_holiday, term, closed_day,
	account, account_setting, account_link, policy_value, form_submission, session to virtualschool_app;
grant select, insert on sign_in_failure to virtualschool_app;
grant delete on setting_link, bank_holiday, term, closed_day, session, form_submission, sign_in_failure to virtualschool_app;

-- Work the program does in nobody's name is done by this account, which cannot sign in.
insert into account (email, name, role, state, created_at)
values ('system@virtualschool.invalid', 'Virtual School', 'service', 'active', '2020-01-01');

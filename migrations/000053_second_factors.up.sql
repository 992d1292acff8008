-- Second factors: passkeys, an authenticator app, and recovery codes. What would let somebody in is sealed
-- with a key that is kept outside the database. All are their person's own; the program looks a passkey up
-- before it is known whose it is, and those who manage accounts may remove a person's factors.
create table passkey (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	credential_id bytea not null unique,
	sealed bytea not null, -- the credential: public key, counter, flags
	name text not null check (length(name) between 1 and 60),
	added_at timestamptz not null,
	last_used_at timestamptz
);
create index passkey_account on passkey (account_id);

create table authenticator (
	account_id bigint primary key references account,
	sealed bytea not null, -- the secret shared with the app
	last_step bigint not null, -- the last 30 seconds of which a code was used: none counts twice
	added_at timestamptz not null,
	last_used_at timestamptz
);

create table recovery_code (
	account_id bigint not null references account,
	code_hash bytea not null,
	made_at timestamptz not null,
	used_at timestamptz,
	primary key (account_id, code_hash)
);

do $body$
declare
	target text;
begin
	foreach target in array array['passkey', 'authenticator', 'recovery_code'] loop
		execute format('alter table %I enable row level security', target);
		execute format('alter table %I force row level security', target);
		execute format($policy$create policy own on %I using (account_id = (select nullif(current_setting('app.actor', true), '')::bigint)
			or (select current_setting('app.actor', true)) = '1')$policy$, target);
		execute format($policy$create policy managed on %I using ((select a.role from account a
			where a.id = (select nullif(current_setting('app.actor', true), '')::bigint) and a.state = 'active') in ('head', 'deputy', 'data_officer'))
			with check (false)$policy$, target);
	end loop;
end
$body$;
grant select, insert, update, delete on passkey, authenticator, recovery_code to virtualschool_app;

-- Half-way may also be somebody who gave a second factor and must set up a better one.
alter table session drop constraint session_halfway, add constraint session_halfway check (not halfway or account_id is not null);

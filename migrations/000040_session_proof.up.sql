-- How the person of a session signed in, by which second factor, and when they last proved who they are.
-- Half-way is somebody who passed the first factor and not yet all that their account asks: for every
-- page but those of the second factor they are nobody.
alter table session
	add column signed_in_by text check (signed_in_by in ('password', 'sso', 'email_link', 'passkey')),
	add column second text check (second in ('passkey', 'authenticator', 'recovery_code', 'provider')), -- null: none was asked
	add column signed_in_at timestamptz, -- the session is renewed when its person proves again; this stays
	add column proved_at timestamptz,
	add column halfway boolean not null default false;
update session set signed_in_by = 'password', signed_in_at = created_at, proved_at = created_at where account_id is not null;
alter table session
	add constraint session_proved check ((account_id is null) = (signed_in_by is null) and (account_id is null) = (signed_in_at is null)
		and (account_id is null) = (proved_at is null)),
	add constraint session_halfway check (not halfway or (account_id is not null and second is null));

delete from session where halfway and second is not null;
alter table session drop constraint session_halfway,
	add constraint session_halfway check (not halfway or (account_id is not null and second is null));
drop table recovery_code;
drop table authenticator;
drop table passkey;

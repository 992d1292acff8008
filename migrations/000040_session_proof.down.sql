delete from session where halfway;
alter table session drop constraint session_proved, drop constraint session_halfway,
	drop column signed_in_by, drop column second, drop column signed_in_at, drop column proved_at, drop column halfway;

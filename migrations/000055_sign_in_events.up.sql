-- What happens at somebody's sign-in stands in the audit under its own subject: its person may read it, as may
-- whoever reads the audit. Tries with an address of no account are only counted.
create index audit_change_sign_in on audit_change (subject_id, at desc) where subject = 'sign_in';
create policy own_sign_in on audit_change for select using (subject = 'sign_in' and child_id is null
	and subject_id = (select nullif(current_setting('app.actor', true), '')));
alter table sign_in_failure add column unknown boolean not null default false;
create index sign_in_failure_unknown on sign_in_failure (id) where unknown;
grant update (unknown) on sign_in_failure to virtualschool_app;

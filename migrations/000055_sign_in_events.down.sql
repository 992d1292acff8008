drop policy own_sign_in on audit_change;
drop index audit_change_sign_in;
alter table sign_in_failure drop column unknown;

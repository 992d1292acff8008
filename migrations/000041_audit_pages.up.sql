-- What one person changed, found without reading what everybody did.
create index audit_change_account on audit_change (account_id, at desc);

drop index audit_change_account;

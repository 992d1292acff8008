drop table account_identity;

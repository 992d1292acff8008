drop table provision_check, provision;

drop table setting_email_domain;

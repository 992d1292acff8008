drop table account_device;
alter table session drop column device;

-- On what somebody is signed in, in words ("Firefox on Windows"), and on what they have been before: a
-- sign-in on something new is told to them by mail.
alter table session add column device text not null default '' check (length(device) <= 80);
create table account_device (
	account_id bigint not null references account,
	device text not null check (device <> '' and length(device) <= 80),
	first_used timestamptz not null,
	last_used timestamptz not null,
	primary key (account_id, device)
);
grant select, insert, update (last_used), delete on account_device to virtualschool_app;

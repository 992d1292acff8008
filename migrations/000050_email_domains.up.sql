-- The addresses that people at a school have: whoever is invited to the school from another is looked at twice.
create table setting_email_domain (
	setting_id bigint not null references setting,
	domain text not null check (domain ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$' and length(domain) <= 250),
	set_by bigint not null references account,
	set_at timestamptz not null,
	primary key (setting_id, domain)
);
grant select, insert, delete on setting_email_domain to virtualschool_app;

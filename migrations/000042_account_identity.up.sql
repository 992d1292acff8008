-- Whom a provider of single sign-on means: issuer and subject, never an address. One at each provider, and
-- nobody shares one. What the provider calls the person is kept for them to recognise.
create table account_identity (
	id bigint generated always as identity primary key,
	account_id bigint not null references account,
	provider text not null check (provider <> ''), -- its key in the council's list
	issuer text not null check (issuer <> ''),
	subject text not null check (subject <> '' and length(subject) <= 255),
	shown text not null default '' check (length(shown) <= 254),
	linked_at timestamptz not null,
	used_at timestamptz, -- signed in by it last
	constraint account_identity_one_account unique (issuer, subject),
	constraint account_identity_one_each unique (account_id, issuer)
);
grant select, insert, delete, update (used_at, shown) on account_identity to virtualschool_app;

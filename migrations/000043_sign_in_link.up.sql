-- A link to sign in by, sent on request to people who come seldom. It works in the browser that asked, which
-- holds a secret; in another browser of the same person a code does, typed where it was asked for.
alter table account_link drop constraint account_link_purpose_check,
	add constraint account_link_purpose_check check (purpose in ('invitation', 'reset', 'sign_in')),
	add column browser_hash text,
	add column code_hash text,
	add column wrong_codes int not null default 0,
	add constraint account_link_browser check ((purpose = 'sign_in') = (browser_hash is not null) and (purpose = 'sign_in') = (code_hash is not null));
create index account_link_browser on account_link (browser_hash) where browser_hash is not null;

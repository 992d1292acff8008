delete from account_link where purpose = 'sign_in';
drop index account_link_browser;
alter table account_link drop constraint account_link_browser, drop column browser_hash, drop column code_hash, drop column wrong_codes,
	drop constraint account_link_purpose_check,
	add constraint account_link_purpose_check check (purpose in ('invitation', 'reset'));

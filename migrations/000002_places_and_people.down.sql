drop table policy_value, form_submission, sign_in_failure, account_link, session, account_setting, account,
	closed_day, term, bank_holiday, setting_link, setting, local_authority;

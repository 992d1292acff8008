-- Drafts, termly releases and the newer categories cannot be told in the older form; documents and items go.
drop table document;
drop trigger premium_sum on premium_request;
drop table premium_item;
drop function premium_sum, premium_item_open;
drop trigger premium_sent on premium_request;
drop function premium_sent;
drop policy draft_is_ones_own on premium_request;
drop index premium_released_once;
drop index premium_request_drafts;
revoke update (setting_id, stream, asked_at) on premium_request from virtualschool_app;
alter table premium_request
	drop constraint premium_request_whole,
	drop constraint premium_request_release,
	drop constraint premium_request_scheme,
	drop constraint premium_request_dates,
	drop constraint premium_request_amount_pence_check,
	drop constraint premium_request_expected_difference_check,
	drop constraint premium_request_purpose_check,
	drop constraint premium_request_category_check;
alter table premium_request disable trigger premium_decision;
update premium_request set category = case category when 'technology' then 'equipment' else 'enrichment' end
	where coalesce(category, 'other') in ('technology', 'trips', 'other', 'termly_release');
update premium_request set category = 'enrichment' where category is null;
update premium_request set purpose = 'Not said' where purpose = '';
update premium_request set expected_difference = 'Not said' where expected_difference = '';
update premium_request set amount_pence = 1 where amount_pence = 0;
alter table premium_request enable trigger premium_decision;
alter table premium_request
	alter column category set not null,
	add constraint premium_request_category_check check (category in ('one_to_one_tuition', 'small_group', 'literacy', 'numeracy', 'speech_and_language',
		'therapeutic', 'mentoring', 'attendance', 'equipment', 'enrichment', 'exams', 'transition', 'staff_training', 'alternative_provision')),
	add constraint premium_request_purpose_check check (purpose <> '' and length(purpose) <= 4000),
	add constraint premium_request_expected_difference_check check (expected_difference <> '' and length(expected_difference) <= 4000),
	add constraint premium_request_amount_pence_check check (amount_pence > 0 and amount_pence <= 100000000),
	drop column ends_on, drop column group_size, drop column scheme, drop column scheme_version, drop column exception_reason,
	drop column release_year, drop column release_term;

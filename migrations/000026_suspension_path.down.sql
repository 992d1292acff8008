drop policy own_school_changes on suspension;
drop policy own_school_adds on suspension;
drop function writes_for_setting;
drop table suspension_review, suspension_education, suspension_reader, suspension_notice;
drop index suspension_starts;
drop index suspension_once;
alter table suspension
	drop constraint suspension_ended,
	drop constraint suspension_of_child,
	drop column return_meeting_on,
	drop column pep_review_on,
	drop column response,
	drop column ended_because,
	drop column served,
	drop column ended_on,
	drop column state,
	drop column came_by,
	drop column exam_on,
	drop column exam,
	drop column decided_on,
	drop column afternoon,
	add constraint suspension_child_id_setting_id_starts_on_kind_key unique (child_id, setting_id, starts_on, kind);

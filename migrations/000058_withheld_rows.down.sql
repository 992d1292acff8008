create or replace function deletion_order() returns text[]
language sql immutable parallel safe as
$$ select array[
	'premium_payment_line', 'wish_answer',
	'premium_approval', 'premium_event', 'premium_evidence', 'premium_evidence_day', 'premium_item', 'premium_panel_item', 'premium_transfer', 'wish',
	'pep_answer', 'pep_draft_words', 'pep_follow_up', 'pep_grading_mark', 'pep_invitation', 'pep_second_marking', 'pep_target_print', 'pep_target_review',
	'premium_request', 'voice_reply',
	'meeting_letter', 'pep_action', 'pep_attendee', 'pep_draft', 'pep_event', 'pep_grading', 'pep_reminder', 'pep_section', 'pep_target', 'print_run_plan',
	'provision_check', 'reduced_timetable_review', 'subject_access_file', 'subject_access_passage', 'subject_access_reading',
	'suspension_education', 'suspension_notice', 'suspension_reader', 'suspension_review', 'voice_link',
	'access_request_child', 'allocation', 'attendance_census', 'attendance_correction', 'attendance_day', 'attendance_half_term', 'attendance_link',
	'audit_change', 'audit_look', 'break_glass_child', 'care_period', 'care_review', 'category_of_need', 'child_as_returned', 'child_block', 'correction', 'document',
	'import_item', 'import_problem', 'legal_status', 'note', 'pep', 'pep_pause', 'place_search', 'place_step', 'placement', 'previous_permanence', 'protected_place',
	'provision', 'reduced_timetable', 'restriction', 'restriction_named', 'retention_hold', 'retention_proposal', 'risk_challenge', 'roll', 'sdq_assessment', 'sen_status',
	'subject_access', 'suspension', 'unusual_look'] $$;

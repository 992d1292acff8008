drop table pep_event, pep_action, pep_target_review, pep_target, pep_attendee, pep_answer, pep_section, pep;
drop function pep_part_stays_signed;
drop function pep_stays_signed;
drop function require_care_period;

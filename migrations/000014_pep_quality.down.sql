drop function pep_sampling;
drop index pep_school_term, pep_event_submitted;
drop trigger pep_grade_blocks on pep;
drop table pep_follow_up, pep_second_marking, pep_grading_mark, pep_grading;
drop function pep_grade_blocks;
drop function pep_grading_not_own;
drop procedure blind;

drop table meeting_letter;
drop trigger print_target on pep_target;
drop function print_target();
drop table pep_target_print;
drop function text_prints(text);

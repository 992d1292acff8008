drop index attendance_half_term_year;
alter table attendance_half_term drop column from_marks, drop column received, drop column unknown;
drop table attendance_correction, attendance_day, attendance_delivery;
drop function attendance_day_refers, attendance_year;
drop procedure protect_own_setting;

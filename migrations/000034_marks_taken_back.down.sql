alter table import drop column delivery_id;
revoke delete on attendance_day, attendance_half_term from virtualschool_app;
drop policy from_marks on attendance_half_term;
drop policy taken_back on attendance_day;
alter table attendance_correction disable trigger append_only;
alter table attendance_correction no force row level security;
delete from attendance_correction where taken_back or became = was;
alter table attendance_correction force row level security;
alter table attendance_correction enable trigger append_only;
alter table attendance_correction
	drop constraint attendance_correction_became,
	drop column taken_back,
	alter column became_from set not null,
	alter column became set not null,
	add constraint attendance_correction_check check (became <> was);
revoke update (first_day, last_day, taken_back_at, taken_back_by, taken_back_why) on attendance_delivery from virtualschool_app;
alter table attendance_delivery
	drop constraint attendance_delivery_taken_back,
	drop column first_day, drop column last_day, drop column taken_back_at, drop column taken_back_by, drop column taken_back_why;

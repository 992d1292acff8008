-- A delivery of marks can be taken back, wholly: the wrong file, the wrong week. What it replaced stands
-- again, and what stood and went stays to be seen.

alter table attendance_delivery
	add column first_day date, -- of its marks
	add column last_day date,
	add column taken_back_at timestamptz,
	add column taken_back_by bigint references account,
	add column taken_back_why text not null default '' check (length(taken_back_why) <= 500),
	add constraint attendance_delivery_taken_back check ((taken_back_at is null) = (taken_back_by is null) and (taken_back_at is null) = (taken_back_why = ''));
grant update (marks, first_day, last_day, taken_back_at, taken_back_by, taken_back_why) on attendance_delivery to virtualschool_app;

-- A correction whose mark stays the same is one that a firmer source repeated: taking that back leaves the
-- mark to whoever had it before. One of a delivery taken back may leave no mark at all.
alter table attendance_correction
	drop constraint attendance_correction_check,
	alter column became drop not null,
	alter column became_from drop not null,
	add column taken_back boolean not null default false,
	add constraint attendance_correction_became check (num_nonnulls(became, became_from) = 2 or (taken_back and num_nonnulls(became, became_from) = 0));

-- A mark goes only when its delivery was taken back, and figures only when they were made of such marks.
create policy taken_back on attendance_day as restrictive for delete using (
	not exists (select from attendance_delivery d where d.id in (am_from, pm_from) and d.taken_back_at is null));
create policy from_marks on attendance_half_term as restrictive for delete using (from_marks);
grant delete on attendance_day, attendance_half_term to virtualschool_app;

-- The delivery that an import of marks became.
alter table import add column delivery_id int references attendance_delivery;

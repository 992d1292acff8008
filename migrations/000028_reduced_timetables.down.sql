drop table reduced_timetable_review, reduced_timetable;

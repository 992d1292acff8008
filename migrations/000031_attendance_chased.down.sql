drop table attendance_chased;

drop table attendance_link;

drop table subject_access_file;
drop function subject_access_file_stays;
drop function subject_access_file_comes;
drop table subject_access_reading;
drop table subject_access_passage;
drop table subject_access;
drop function subject_access_in_own_name;
alter table note drop column third_party;

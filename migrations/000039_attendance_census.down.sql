drop table attendance_census;
delete from import_item i using import m where m.id = i.import_id and m.kind = 'census';
delete from import_problem p using import m where m.id = p.import_id and m.kind = 'census';
delete from import_part p using import_file f, import m where f.id = p.file_id and m.id = f.import_id and m.kind = 'census';
delete from import_file f using import m where m.id = f.import_id and m.kind = 'census';
delete from import where kind = 'census';
alter table import drop constraint import_kind_check,
	add constraint import_kind_check check (kind in ('gias', '903', 'roll', 'marks', 'collected'));

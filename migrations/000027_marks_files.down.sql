drop table import_columns;
alter table import drop constraint import_kind_check, drop constraint import_state_check,
	drop column question, drop column headings, drop column fingerprint,
	add constraint import_kind_check check (kind in ('gias', '903', 'roll')) not valid,
	add constraint import_state_check check (state in ('uploaded', 'checking', 'previewed', 'applying', 'applied', 'failed', 'discarded')) not valid;

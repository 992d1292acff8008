revoke delete on allocation from virtualschool_app;
drop policy only_cover_to_come on allocation;
alter table allocation drop column covers_for;

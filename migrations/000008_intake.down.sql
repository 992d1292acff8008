drop table child_as_returned, import_problem, import_item, import_part, import_file, import;
revoke delete on care_period from virtualschool_app;

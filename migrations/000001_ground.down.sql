drop procedure append_only;
drop function refuse_change;
drop procedure protect_child_rows;
drop function plain_names;
drop function plain_name;
alter default privileges in schema public revoke usage on sequences from virtualschool_app;
revoke usage on schema public from virtualschool_app;

drop table print_file;
drop table print_run_plan;
drop table print_run;

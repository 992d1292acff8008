drop table held_form;

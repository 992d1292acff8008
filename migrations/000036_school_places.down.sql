drop table place_step, place_search;

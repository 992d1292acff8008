drop function withhold(text[], bigint, date, timestamptz);
drop table withheld_row;

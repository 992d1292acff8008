drop table correction;
drop function correction_stays;

drop table unusual_look;
drop table unusual_week;

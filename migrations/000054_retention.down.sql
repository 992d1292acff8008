drop table retention_proposal;
drop table retention_hold;
drop function retention_proposal_holds();
drop function retention_hold_stays();
drop function stands_against_deletion(bigint);
drop function retained();
drop function kept_until(date, date, date, boolean, date, int);
drop function years_on(date, int);

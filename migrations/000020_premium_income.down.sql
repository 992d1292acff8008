-- Only the last entry of each year's income can be told in the older form; purposes go.
drop trigger premium_closing on premium_year;
drop trigger premium_summed on premium_transfer;
drop trigger premium_purpose_of on premium_transfer;
alter table premium_transfer drop column purpose_id;
alter table premium_year
	add column rate_pence bigint check (rate_pence > 0),
	add column rate_source text,
	add column children_counted int check (children_counted >= 0),
	add column set_by bigint references account,
	add column set_at timestamptz;
alter table premium_year disable trigger premium_close;
update premium_year y set rate_pence = i.rate_pence, rate_source = i.source, children_counted = i.children, set_by = i.entered_by, set_at = i.entered_at
from (select distinct on (stream, financial_year) * from premium_income where rate_pence is not null order by stream, financial_year, id desc) i
where i.stream = y.stream and i.financial_year = y.financial_year;
alter table premium_year enable trigger premium_close;
alter table premium_year add check ((rate_pence is null) = (rate_source is null)), add check ((set_by is null) = (set_at is null));
drop table premium_month, premium_purpose, premium_income;
drop function premium_closing, premium_summed, premium_purpose_of, premium_income_own_name;

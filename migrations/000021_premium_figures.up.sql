-- What the pages of money and its worth look for, found without reading every row: requests that wait,
-- money spent from the retained share, and which target carried another on.

create index premium_request_waiting on premium_request (stream) include (amount_pence) where state in ('asked', 'at_panel');
create index premium_transfer_retained on premium_transfer (stream, financial_year) where kind in ('spend', 'unspend');
create index pep_target_carried on pep_target (carried_from) where carried_from is not null;

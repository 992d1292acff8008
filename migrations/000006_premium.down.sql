drop table premium_transfer, premium_event, premium_request, premium_account, premium_year;
drop function premium_move;

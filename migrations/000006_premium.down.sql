drop table premium_transfer, premium_event, premium_request, premium_account, premium_year;
drop function premium_move, premium_open_accounts, premium_decision, premium_approved_is_committed;

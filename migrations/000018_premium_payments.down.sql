drop table premium_paid_file, premium_export;
drop trigger premium_release_spares on premium_transfer;
drop function premium_release_spares;
drop function premium_in_payment;
drop table premium_payment_line, premium_remittance, premium_payment_run, premium_evidence_day, premium_evidence;
drop function premium_line_moves, premium_line_made, premium_run, premium_evidence_given;

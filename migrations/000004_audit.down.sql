drop function audit_broken_seals;
drop function audit_seal_now;
drop function audit_hash;
drop function audit_month;
drop table audit_seal, audit_look, audit_change;

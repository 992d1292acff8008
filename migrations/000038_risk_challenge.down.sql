drop table risk_challenge;

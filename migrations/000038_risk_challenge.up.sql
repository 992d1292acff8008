-- Somebody says that a sign of risk is not so, and why. It holds for the facts that the sign stood on that day: when
-- other facts come the sign counts again. Taken back, it stays.
create table risk_challenge (
	id bigint generated always as identity primary key,
	child_id bigint not null references child,
	sign text not null check (sign ~ '^[a-z]{1,20}$'),
	fact text not null check (length(fact) between 1 and 100), -- what the sign stood on, to tell whether it is the same still
	words text not null check (length(words) between 1 and 300), -- the sign as it was read
	because text not null check (length(because) between 1 and 1000),
	challenged_by bigint not null references account,
	challenged_at timestamptz not null,
	taken_back_by bigint references account,
	taken_back_at timestamptz,
	check ((taken_back_by is null) = (taken_back_at is null))
);
create unique index risk_challenge_once on risk_challenge (child_id, sign, fact) where taken_back_at is null;
call protect_child_rows('risk_challenge');
grant select, insert, update (taken_back_by, taken_back_at) on risk_challenge to virtualschool_app;

-- What a plan asks depends on the child's year, place of learning and needs on the day it begins
-- (package forms). They are kept, so that the questions stay as they were. A plan without a school
-- year began before they were kept and is asked its whole form.
alter table pep
	add column school_year int, -- curriculum year, Reception is 0 (R1)
	add column circumstances text[] not null default '{}';

-- Quality assurance of Personal Education Plans: gradings, second markings, and what follows into the
-- next plan. What a rubric asks is data outside the database; its version is kept with each grading.

-- A grading is what one educator made of a plan as it was submitted. It only grows: a corrected plan is
-- submitted again and graded anew.
create table pep_grading (
	id bigint generated always as identity primary key,
	pep_id bigint not null,
	child_id bigint not null,
	submission int not null check (submission > 0), -- which time the plan was submitted
	round text not null check (round in ('first', 'second')),
	rubric text not null,
	rubric_version int not null,
	grade text not null check (grade <> ''),
	effect text not null check (effect in ('accept', 'follow_up', 'return')),
	because text not null check (because <> ''),
	marked_by bigint not null references account,
	marked_at timestamptz not null,
	foreign key (pep_id, child_id) references pep (id, child_id),
	unique (pep_id, submission, round), -- two at once: one of them is late
	unique (pep_id, submission, marked_by), -- nobody marks the same plan twice
	unique (id, child_id)
);
create index pep_grading_child on pep_grading (child_id);
call protect_child_rows('pep_grading');
call append_only('pep_grading');

create table pep_grading_mark (
	grading_id bigint not null,
	child_id bigint not null,
	criterion text not null,
	grade text not null check (grade <> ''),
	note text not null default '',
	fact_grade text not null default '', -- what the facts of the plan gave; empty: a person judged
	fact_because text not null default '',
	primary key (grading_id, criterion),
	foreign key (grading_id, child_id) references pep_grading (id, child_id)
);
create index pep_grading_mark_child on pep_grading_mark (child_id);
call protect_child_rows('pep_grading_mark');
call append_only('pep_grading_mark');

-- A grading that is picked to be marked a second time, by somebody who does not know the first.
create table pep_second_marking (
	grading_id bigint primary key,
	pep_id bigint not null,
	child_id bigint not null,
	first_marker bigint not null references account,
	submission int not null, -- what of the first grading is no secret, for whoever marks the second time
	rubric text not null,
	rubric_version int not null,
	picked_because text not null,
	picked_at timestamptz not null,
	state text not null default 'waiting' check (state in ('waiting', 'given', 'set_aside')),
	second_id bigint,
	settled_grade text, -- agreed by a leader where the two differ
	settled_words text, -- how it was agreed; or why the second marking was set aside
	settled_by bigint references account,
	settled_at timestamptz,
	foreign key (grading_id, child_id) references pep_grading (id, child_id),
	foreign key (second_id, child_id) references pep_grading (id, child_id),
	foreign key (pep_id, child_id) references pep (id, child_id),
	check ((state = 'given') = (second_id is not null)),
	check (num_nonnulls(settled_words, settled_by, settled_at) in (0, 3)),
	check (settled_grade is null or (state = 'given' and settled_words is not null)),
	check (state <> 'set_aside' or settled_words is not null)
);
create index pep_second_marking_child on pep_second_marking (child_id);
create index pep_second_marking_waiting on pep_second_marking (grading_id) where state = 'waiting';
call protect_child_rows('pep_second_marking');

-- What an accepted plan is to do better next time.
create table pep_follow_up (
	id bigint generated always as identity primary key,
	grading_id bigint not null,
	child_id bigint not null,
	criterion text not null,
	title text not null,
	part text not null, -- of the plan: where it is shown
	note text not null,
	dealt_in bigint, -- the plan in which it was dealt with
	dealt_words text,
	dealt_by bigint references account,
	dealt_at timestamptz,
	foreign key (grading_id, child_id) references pep_grading (id, child_id),
	foreign key (dealt_in, child_id) references pep (id, child_id),
	unique (grading_id, criterion),
	check (num_nonnulls(dealt_in, dealt_words, dealt_by, dealt_at) in (0, 4))
);
create index pep_follow_up_child on pep_follow_up (child_id);
call protect_child_rows('pep_follow_up');

-- Blindness. While a second marking is waited for, no educator but the first marker sees the first
-- grade, its marks or its follow-ups, whatever page asks. Schools and social workers, who never mark,
-- see them: the plan is theirs to carry out.
create procedure blind(target regclass, grading_column name)
language plpgsql as $body$
begin
	execute format($policy$create policy blind on %s as restrictive for select using (
		%I <> all (array(select s.grading_id from pep_second_marking s where s.state = 'waiting'
			and s.first_marker <> (select nullif(current_setting('app.actor', true), '')::bigint)))
		or coalesce((select a.role not in ('head', 'deputy', 'lead_advisor', 'advisor') from account a
			where a.id = (select nullif(current_setting('app.actor', true), '')::bigint)), false))$policy$, target, grading_column);
end
$body$;
call blind('pep_grading', 'id');
call blind('pep_grading_mark', 'grading_id');
call blind('pep_follow_up', 'grading_id');

-- Nobody grades a plan they submitted themselves.
create function pep_grading_not_own() returns trigger
language plpgsql as $body$
begin
	if exists (select from pep where id = new.pep_id and submitted_by = new.marked_by) then
		raise exception 'account % submitted plan %', new.marked_by, new.pep_id
			using errcode = 'check_violation', constraint = 'pep_grading_not_own';
	end if;
	return new;
end
$body$;
create trigger pep_grading_not_own before insert on pep_grading for each row execute function pep_grading_not_own();

-- A plan whose latest submission was graded to be returned is not signed off.
create function pep_grade_blocks() returns trigger
language plpgsql as $body$
begin
	if new.state = 'signed_off' and old.state <> 'signed_off' and exists (select from pep_grading g
		where g.pep_id = new.id and g.round = 'first' and g.effect = 'return'
			and g.submission = (select count(*) from pep_event e where e.pep_id = new.id and e.event = 'submitted')) then
		raise exception 'plan % is graded to be returned', new.id using errcode = 'check_violation', constraint = 'pep_grade_blocks';
	end if;
	return new;
end
$body$;
create trigger pep_grade_blocks before update of state on pep for each row execute function pep_grade_blocks();

create index pep_event_submitted on pep_event (account_id, at) where event = 'submitted';
create index pep_school_term on pep (setting_id, academic_year, term);

-- What sampling goes by, for those of the plans that the reader may see. The counts are over everybody's
-- plans, so that every reader comes to the same pick: the wall is opened for counting and closed again.
create function pep_sampling(plans bigint[])
returns table (pep_id bigint, submission int, first_submitted timestamptz, author bigint, author_nth int, came_back boolean, school_first boolean)
language plpgsql as $body$
declare
	mine bigint[] := array(select p.id from pep p where p.id = any (plans));
	scope text := current_setting('app.scope', true);
	hidden text := current_setting('app.hidden', true);
begin
	if cardinality(mine) = 0 then
		return;
	end if;
	perform set_config('app.scope', 'all', true), set_config('app.hidden', '', true);
	return query select p.id, h.times, h.at, h.account_id,
			(select count(distinct e.pep_id)::int from pep_event e
				where e.event = 'submitted' and e.account_id = h.account_id and (e.at, e.pep_id) <= (h.at, p.id)),
			exists (select from pep_grading g where g.effect = 'return' and g.round = 'first' and (g.pep_id = p.id or g.pep_id =
				(select q.id from pep q where q.child_id = p.child_id and q.id <> p.id and q.started_at <= p.started_at and q.state in ('signed_off', 'superseded')
					order by q.meeting_on desc, q.id desc limit 1))),
			p.setting_id is not null and not exists (select from pep q join pep_event e on e.pep_id = q.id and e.event = 'submitted'
				where q.setting_id = p.setting_id and q.academic_year = p.academic_year and q.term = p.term and q.id <> p.id and (e.at, q.id) < (h.at, p.id))
		from pep p
		cross join lateral (select (array_agg(e.account_id order by e.at, e.id))[1] as account_id, min(e.at) as at, count(*)::int as times
			from pep_event e where e.pep_id = p.id and e.event = 'submitted') h
		where p.id = any (mine) and h.times > 0;
	perform set_config('app.scope', coalesce(scope, ''), true), set_config('app.hidden', coalesce(hidden, ''), true);
end
$body$;
grant execute on function pep_sampling to virtualschool_app;

grant select, insert on pep_grading, pep_grading_mark to virtualschool_app;
grant select, insert, update on pep_second_marking, pep_follow_up to virtualschool_app;

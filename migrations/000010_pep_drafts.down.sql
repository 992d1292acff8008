alter table pep_answer drop column confirmed_by, drop column confirmed_at;
drop table pep_draft_words, pep_draft;
drop function reaches_child;

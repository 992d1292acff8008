drop function enter;
drop table note, child_block, restriction_named, restriction, allocation, roll, sen_status, previous_permanence,
	sdq_assessment, care_review, category_of_need, placement, legal_status, care_period, child;

package record

var peopleSources = []source{
	{table: "note", chapter: Notes, title: "Notes", order: "t.on_day, t.id", fields: []field{
		day("Day", "t.on_day"), named("What it was", "t.kind"), {label: "Note", sql: "t.words", typed: true, about: "t.third_party <> ''"}, by("Written by", "t.written_by"), at("Written", "t.written_at")}},
	{table: "document", chapter: Documents, title: "Files", order: "t.added_at, t.id", fields: []field{
		{label: "File", sql: "t.name", typed: true, file: true}, named("Belongs to", "t.subject"), fact("Its number", "t.subject_id"), fact("Kind", "t.media_type"), fact("Bytes", "t.bytes"), by("Added by", "t.added_by"), at("Added", "t.added_at")},
		leaves: []string{"sha256", "content"}},
	{table: "allocation", chapter: People, title: "Who worked with you", order: "t.period", fields: with(span("t.period"), who("Who", "t.account_id"), named("As", "t.part"), who("In place of", "t.covers_for"), typed("Why", "t.reason"), from903)},
	{table: "roll", chapter: People, title: "Who could see your record through your schools", key: "t.who || '-' || t.name", order: "lower(t.period), t.name",
		from: `(select distinct r.child_id, a.id as who, a.name, s.name as school, x.post, r.period * x.period as period from roll r join account_setting x on x.setting_id = r.setting_id and x.period && r.period
			join account a on a.id = x.account_id join setting s on s.id = r.setting_id where r.child_id = @child)`,
		fields: with(span("t.period"), fact("Who", "t.name"), named("As", "t.post"), fact("School", "t.school"))},
	{table: "restriction", chapter: People, title: "When only a few people could see your record", order: "t.period", fields: with(span("t.period"), named("Why", "t.reason"), typed("In words", "t.words"), by("Set by", "t.set_by"))},
	{table: "restriction_named", chapter: People, title: "Those few people", order: "t.period", fields: with(span("t.period"), who("Who", "t.account_id"), typed("Why", "t.why"), yesNo("Were told where you were", "t.sees_place"), by("Named by", "t.named_by"))},
	{table: "child_block", chapter: People, title: "People who may not see your record", order: "t.period", fields: with(span("t.period"), who("Who", "t.account_id"), typed("Why", "t.reason"), by("Set by", "t.set_by"))},

	{table: "subject_access", chapter: Requests, title: "Asked to see your record", order: "t.received_on, t.id", fields: []field{
		named("Asked by", "t.asked_by"), typed("Name", "t.asked_name"), named("How it came", "t.came_how"), day("Received", "t.received_on"), typed("How we checked who asked", "t.identity_how"), day("Checked", "t.identity_on"),
		typed("Why they may have it", "t.entitled"), day("More time said on", "t.extended_on"), typed("Why more time", "t.extension_reason"), named("How it stands", "t.state"), by("Written down by", "t.logged_by"), at("Written down", "t.logged_at"),
		by("Prepared by", "t.prepared_by"), at("Prepared", "t.prepared_at"), by("Released by", "t.released_by"), at("Released", "t.released_at"), day("Copy kept until", "t.expires_on"),
		day("Handed over", "t.handed_on"), typed("How it was handed over", "t.handed_how"), by("Handed over by", "t.handed_by"), typed("Why it was closed", "t.closed_words"), by("Closed by", "t.closed_by"), at("Closed", "t.closed_at")},
		leaves: []string{"passages", "left_out", "returned_words", "returned_by", "returned_at"}},

	{table: "correction", chapter: Requests, title: "What somebody said is wrong, or objected to", order: "t.asked_on, t.id", fields: []field{
		named("What", "t.kind"), named("About", "t.about"), typed("The record says", "t.record_says"), typed("They say", "t.person_says"), named("Who", "t.asked_by"), typed("Name", "t.asked_name"), day("Said", "t.asked_on"),
		by("Written down by", "t.recorded_by"), at("Written down", "t.recorded_at"), named("Decided", "t.outcome"), typed("Note beside the record", "t.note"), typed("Why", "t.reasons"), by("Decided by", "t.decided_by"), at("Decided on", "t.decided_at"),
		day("Restriction lifted", "t.lifted_on"), typed("Why it was lifted", "t.lifted_why"), by("Lifted by", "t.lifted_by")}},

	{table: "break_glass_child", chapter: Looks, title: "Who opened your record for an hour although few people could see it", order: "t.asked_at",
		from:   `(select c.child_id, c.break_glass_id as id, b.account_id, b.asked_at, b.reason from break_glass_child c join break_glass b on b.id = c.break_glass_id where c.child_id = @child)`,
		fields: []field{who("Who", "t.account_id"), at("When", "t.asked_at"), typed("Why", "t.reason")}},
	{table: "retention_hold", chapter: Requests, title: "Kept longer than the rule", order: "t.placed_at, t.id", fields: []field{
		named("Why", "t.kind"), typed("What for", "t.reason"), day("Until", "t.until"), by("Decided by", "t.placed_by"), at("Decided on", "t.placed_at"),
		day("Ended", "t.ended_on"), typed("Why it ended", "t.ended_why"), by("Ended by", "t.ended_by")}},
	{table: "retention_proposal", chapter: Requests, title: "Proposed to be deleted", order: "t.proposed_at, t.id", fields: []field{
		day("Kept until", "t.kept_until"), typed("Why", "t.reason"), by("Proposed by", "t.proposed_by"), at("Proposed", "t.proposed_at"),
		named("How it stands", "t.state"), typed("What was said to it", "t.words"), by("Decided by", "t.decided_by"), at("Decided on", "t.decided_at")}},

	{table: "audit_look", chapter: Looks, title: "Who looked", key: "t.account_id::text", order: "t.last desc",
		from:   `(select child_id, account_id, count(*) as looks, min(at) as first, max(at) as last, string_agg(distinct screen, ', ') as screen from audit_look where child_id = @child group by child_id, account_id)`,
		fields: []field{who("Who", "t.account_id"), named("As", "(select a.role from account a where a.id = t.account_id)"), fact("How often", "t.looks"), at("First", "t.first"), at("Last", "t.last"), fact("At what", "t.screen")},
		leaves: []string{"id", "request_id", "written_in"}},
	{table: "audit_change", chapter: Looks, title: "Who changed", key: "t.subject || '-' || t.action || '-' || t.account_id", order: "t.last desc, t.subject, t.action, t.account_id",
		from:   `(select child_id, account_id, subject, action, count(*) as times, min(at) as first, max(at) as last from audit_change where child_id = @child group by child_id, account_id, subject, action)`,
		fields: []field{named("What", "t.subject || ': ' || t.action"), who("Who", "t.account_id"), fact("How often", "t.times"), at("First", "t.first"), at("Last", "t.last")},
		leaves: []string{"id", "subject_id", "before", "after", "request_id", "written_in"}},
}

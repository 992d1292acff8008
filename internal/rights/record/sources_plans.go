package record

// plan says which plan a row belongs to.
const planSQL = `(select initcap(p.term) || ' ' || p.academic_year || '/' || right((p.academic_year + 1)::text, 2) || ', edition ' || p.edition from pep p where p.id = t.pep_id)`

var plan = field{label: "Plan", sql: planSQL, group: true}

var planSources = []source{
	{table: "pep", chapter: Plans, title: "Plans", order: "t.academic_year, t.id", fields: []field{
		said("School year", "t.academic_year", yearWords), named("Term", "t.term"), named("Kind", "t.kind"), named("How it stands", "t.state"), fact("Edition", "t.edition"),
		fact("Form", "t.form || ' ' || t.form_version"), school("School", "t.setting_id"), fact("Curriculum year", "t.school_year"), named("Your situation then", "t.circumstances"),
		day("Due", "t.due_on"), fact("Why then", "t.due_because"), day("Counted from", "t.due_since"), day("Meeting", "t.meeting_on"), yesNo("Meeting held", "t.meeting_held"), day("Next meeting", "t.next_meeting_on"),
		typed("Your own words", "t.voice_words"), named("How you said them", "t.voice_how"), day("When", "t.voice_on"), typed("With whom", "t.voice_with"),
		by("Started by", "t.started_by"), at("Started", "t.started_at"), by("Submitted by", "t.submitted_by"), at("Submitted", "t.submitted_at"), at("Returned", "t.returned_at"), typed("Why it was returned", "t.return_reason"),
		by("Signed off by", "t.signed_off_by"), at("Signed off", "t.signed_off_at"), typed("Why it was cancelled", "t.cancel_reason"), typed("Why it was opened again", "t.reopen_reason"),
		by("Quality looked at by", "t.qa_by"), at("Quality looked at", "t.qa_at")},
		leaves: []string{"due_rule", "edition_of", "reopened_from", "replaced_by"}},
	{table: "pep_section", chapter: Plans, title: "Sections of plans", key: "t.pep_id || '-' || t.section", order: "t.pep_id, t.section", fields: []field{
		plan, named("Section", "t.section"), named("How it stands", "t.state"), by("Completed by", "t.completed_by"), at("Completed", "t.completed_at"), by("Last saved by", "t.saved_by"), at("Last saved", "t.saved_at")}},
	{table: "pep_answer", chapter: Plans, title: "What plans say", from: "join pep q on q.id = t.pep_id", key: "t.pep_id || '-' || t.question", order: "q.academic_year, t.pep_id, t.section, t.question", fields: []field{
		plan, {label: "Answer", typed: true, answer: true,
			sql: "jsonb_build_object('form', q.form, 'version', q.form_version, 'section', t.section, 'question', t.question, 'value', t.value)"},
		field{label: "Where it comes from", sql: "t.source", say: nameWords, quiet: true}, field{label: "As at", sql: "t.as_at", say: dayWords, quiet: true}, by("Written by", "t.answered_by"), at("Written", "t.answered_at"), by("Said to hold still by", "t.confirmed_by"), at("Said to hold still", "t.confirmed_at")}},
	{table: "pep_attendee", chapter: Plans, title: "Who was asked to meetings", order: "t.pep_id, t.position", fields: []field{plan, typed("Name", "t.name"), named("As", "t.part"), yesNo("Came", "t.present")}},
	{table: "pep_target", chapter: Plans, title: "Targets", order: "t.pep_id, t.position", fields: []field{
		plan, typed("Target", "t.what"), named("Area", "t.area"), typed("How we will know", "t.measure"), typed("Where it began", "t.baseline"), typed("Who helps", "t.owner"), typed("With what", "t.resource"), day("By", "t.due_on")},
		leaves: []string{"carried_from"}},
	{table: "pep_target_review", chapter: Plans, title: "How targets went", key: "t.pep_id || '-' || t.target_id", order: "t.pep_id, t.target_id", fields: []field{
		plan, fact("Target of plan", "(select 'number ' || g.position from pep_target g where g.id = t.target_id)"), named("How it went", "t.outcome"), typed("Note", "t.note"), by("Written by", "t.reviewed_by"), at("Written", "t.reviewed_at")}},
	{table: "pep_action", chapter: Plans, title: "Actions", order: "t.pep_id, t.position", fields: []field{plan, typed("Action", "t.what"), typed("Who", "t.owner"), day("By", "t.due_on"), day("Done", "t.done_on")}},
	{table: "pep_event", chapter: Plans, title: "What happened to plans", order: "t.at, t.id", fields: []field{plan, named("What", "t.event"), typed("Words", "t.words"), by("By", "t.account_id"), at("When", "t.at")}},
	{table: "pep_pause", chapter: Plans, title: "Times when plans paused", order: "t.period", fields: with(span("t.period"), named("Why", "t.reason"), typed("More", "t.words"), by("Set by", "t.set_by"), at("Set", "t.set_at"), by("Ended by", "t.ended_by"), at("Ended", "t.ended_at"))},
	{table: "pep_invitation", chapter: Plans, title: "Who was asked to write a section", order: "t.invited_at", fields: []field{
		plan, named("Section", "t.section"), who("Asked", "t.account_id"), school("School", "t.setting_id"), by("Asked by", "t.invited_by"), at("When", "t.invited_at"), day("Until", "t.until"),
		typed("Note", "t.note"), by("Ended by", "t.ended_by"), at("Ended", "t.ended_at")},
		leaves: []string{"known"}},
	{table: "pep_grading", chapter: Plans, title: "How good plans were found to be", order: "t.marked_at", fields: []field{
		plan, named("Round", "t.round"), fact("Submitted for the time", "t.submission"), named("Grade", "t.grade"), named("What came of it", "t.effect"), typed("Why", "t.because"),
		fact("Rubric", "t.rubric || ' ' || t.rubric_version"), by("Marked by", "t.marked_by"), at("Marked", "t.marked_at")}},
	{table: "pep_grading_mark", chapter: Plans, title: "Grades by criterion", key: "t.grading_id || '-' || t.criterion", order: "t.grading_id, t.criterion", fields: []field{
		fact("Marking", "t.grading_id"), named("Criterion", "t.criterion"), named("Grade", "t.grade"), typed("Note", "t.note"), named("What the dates say", "t.fact_grade"), fact("Because", "t.fact_because")}},
	{table: "pep_second_marking", chapter: Plans, title: "Second markings of plans", key: "t.grading_id::text", order: "t.picked_at", fields: []field{
		plan, fact("Submitted for the time", "t.submission"), fact("Rubric", "t.rubric || ' ' || t.rubric_version"), fact("Why it was picked", "t.picked_because"), at("Picked", "t.picked_at"), named("How it stands", "t.state"),
		by("First marked by", "t.first_marker"), named("Grade agreed", "t.settled_grade"), typed("Words agreed", "t.settled_words"), by("Agreed by", "t.settled_by"), at("Agreed", "t.settled_at")},
		leaves: []string{"second_id"}},
	{table: "pep_follow_up", chapter: Plans, title: "What a plan was asked to do better", order: "t.id", fields: []field{
		fact("Marking", "t.grading_id"), fact("What", "t.title"), typed("Note", "t.note"), named("Criterion", "t.criterion"), named("Part", "t.part"), typed("What was done", "t.dealt_words"), by("Done by", "t.dealt_by"), at("Done", "t.dealt_at")},
		leaves: []string{"dealt_in"}},
	{table: "meeting_letter", chapter: Plans, title: "Letters about meetings", order: "t.sent_at", fields: []field{plan, who("Sent to", "t.account_id"), fact("Agreed version", "t.agreed"), by("Sent by", "t.sent_by"), at("Sent", "t.sent_at")}},
	{table: "pep_reminder", chapter: Plans, title: "Reminders about plans", order: "t.sent_at", fields: []field{plan, who("Sent to", "t.account_id"), by("Sent by", "t.sent_by"), at("Sent", "t.sent_at")}},

	{table: "voice_reply", chapter: Voice, title: "What you wrote on your own page", order: "t.sent_at", fields: []field{
		plan, named("Who may read it", "t.audience"),
		typed("What you said", "(select string_agg((g->>'asked') || E'\\n' || coalesce(g->>'said', 'Feeling ' || (g->>'feeling') || ' of 5', ''), E'\\n\\n') from jsonb_array_elements(t.answers) g)"), at("Sent", "t.sent_at")},
		leaves: []string{"link_id"}},
	{table: "wish", chapter: Voice, title: "What you asked for", order: "t.said_on, t.id", fields: []field{
		plan, day("Said", "t.said_on"), typed("What you asked for", "t.words"), named("Who may read it", "t.audience"), named("How it stands", "t.state"), by("Written down by", "t.recorded_by"), at("Written down", "t.recorded_at"),
		typed("Why it was taken back", "t.withdrawn_note"), by("Taken back by", "t.withdrawn_by"), at("Taken back", "t.withdrawn_at")},
		leaves: []string{"reply_id"}},
	{table: "wish_answer", chapter: Voice, title: "What came of it", order: "t.answered_at", fields: []field{
		fact("About what you said on", "(select w.said_on from wish w where w.id = t.wish_id)"), named("Answer", "t.kind"), typed("Words", "t.words"), day("Happens by", "t.happens_by"),
		by("Answered by", "t.answered_by"), at("Answered", "t.answered_at"), day("You were told", "t.told_on"), by("Told by", "t.told_by")}},
	{table: "voice_link", chapter: Voice, title: "Links to your own page", order: "t.made_at", fields: []field{
		plan, named("Words as", "t.reading_level"), by("Made by", "t.made_by"), at("Made", "t.made_at"), at("Ran out", "t.expires_at"), by("Ended by", "t.revoked_by"), at("Ended", "t.revoked_at"), at("Used", "t.used_at")},
		leaves: []string{"token_hash", "used_key"}},
}

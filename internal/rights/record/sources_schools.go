package record

var schoolSources = []source{
	{table: "attendance_half_term", chapter: Attendance, title: "Attendance by half-term", order: "t.academic_year, t.as_at, t.id", fields: []field{
		said("School year", "t.academic_year", yearWords), fact("Half-term", "t.half_term"), school("School", "t.setting_id"), fact("Sessions possible", "t.possible"), fact("Attended", "t.attended"),
		fact("Authorised absence", "t.authorised"), fact("Unauthorised absence", "t.unauthorised"), fact("Late", "t.late"), fact("Marks received", "t.received"), fact("Marks not known", "t.unknown"),
		yesNo("Counted from marks", "t.from_marks"), day("As at", "t.as_at"), named("Known from", "t.source"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "attendance_day", chapter: Attendance, title: "Marks, morning and afternoon, by month", key: "t.month || '-' || t.setting_id", order: "t.month",
		from: `(select child_id, to_char(day, 'YYYY-MM') as month, setting_id, string_agg(extract(day from day) || ': ' || coalesce(am, '-') || ' ' || coalesce(pm, '-'), ', ' order by day) as marks
			from attendance_day where child_id = @child group by child_id, to_char(day, 'YYYY-MM'), setting_id)`,
		fields: []field{fact("Month", "t.month"), school("School", "t.setting_id"), fact("Marks", "t.marks")},
		leaves: []string{"am_from", "pm_from", "half_term"}},
	{table: "attendance_correction", chapter: Attendance, title: "Marks that were changed", order: "t.day, t.id", fields: []field{
		day("Day", "t.day"), fact("Session", "t.session"), school("School", "t.setting_id"), fact("Was", "t.was"), fact("Became", "t.became"), yesNo("Taken back", "t.taken_back")},
		leaves: []string{"was_from", "became_from"}},
	{table: "attendance_census", chapter: Attendance, title: "Attendance as the school census has it", key: "t.setting_id || '-' || t.academic_year || '-' || t.term", order: "t.academic_year, t.term", fields: []field{
		said("School year", "t.academic_year", yearWords), named("Term", "t.term"), school("School", "t.setting_id"), fact("Sessions possible", "t.possible"), fact("Sessions by code", "t.codes")},
		leaves: []string{"import_id"}},
	{table: "attendance_link", chapter: Attendance, title: "Schools asked whether you were in", order: "t.made_at", fields: []field{
		day("Day", "t.day"), fact("Session", "t.session"), school("School", "t.setting_id"), by("Asked by", "t.made_by"), at("Asked", "t.made_at"), at("Ran out", "t.expires_at"), at("Taken back", "t.revoked_at"), at("Answered", "t.used_at")},
		leaves: []string{"token_hash", "used_key"}},

	{table: "suspension", chapter: Suspensions, title: "Suspensions and exclusions", order: "t.starts_on, t.id", fields: []field{
		named("Kind", "t.kind"), school("School", "t.setting_id"), day("Decided", "t.decided_on"), day("From", "t.starts_on"), yesNo("From the afternoon", "t.afternoon"), said("Length", "t.sessions", halfDayWords), said("Served", "t.served", halfDayWords),
		said("Reasons", "array_to_string(t.reasons, ' ')", reasonWords), typed("Note", "t.note"), named("An exam on a day of it", "t.exam"), day("Day of the exam", "t.exam_on"), named("How we were told", "t.came_by"), named("How it stands", "t.state"),
		day("Ended", "t.ended_on"), typed("Why it ended", "t.ended_because"), typed("What we did", "t.response"), day("Plan looked at again", "t.pep_review_on"), day("Meeting on return", "t.return_meeting_on"),
		by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "suspension_education", chapter: Suspensions, title: "Education during a suspension", order: "t.starts_on", fields: []field{
		field{label: "Suspension", sql: "t.suspension_id", group: true}, day("From", "t.starts_on"), named("Kind", "t.kind"), yesNo("Full-time", "t.full_time"), typed("Words", "t.words"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "suspension_notice", chapter: Suspensions, title: "Who was told", key: "t.suspension_id || '-' || t.about || '-' || t.party", order: "t.suspension_id, t.told_on", fields: []field{
		field{label: "Suspension", sql: "t.suspension_id", group: true}, named("About", "t.about"), named("Who", "t.party"), day("Told", "t.told_on"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "suspension_reader", chapter: Suspensions, title: "Who read of it", key: "t.suspension_id || '-' || t.about || '-' || t.part", order: "t.suspension_id, t.told_at", fields: []field{
		field{label: "Suspension", sql: "t.suspension_id", group: true}, named("Who", "t.part"), named("About", "t.about"), at("Told", "t.told_at"), at("Read", "t.read_at"), by("Read by", "t.read_by")}},
	{table: "suspension_review", chapter: Suspensions, title: "Governors and panels", key: "t.suspension_id || '-' || t.body", order: "t.suspension_id, t.body", fields: []field{
		field{label: "Suspension", sql: "t.suspension_id", group: true}, named("Who decides", "t.body"), day("Asked", "t.asked_on"), day("Meets", "t.meets_on"), typed("Who comes", "t.attending"), named("Decision", "t.outcome"), day("Decided", "t.decided_on"),
		day("Letter", "t.letter_on"), typed("Words", "t.words"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "risk_challenge", chapter: Suspensions, title: "Signs of risk that somebody said are not so", order: "t.challenged_at", fields: []field{
		named("Sign", "t.sign"), fact("What it said", "t.words"), typed("Why it is not so", "t.because"), by("Said by", "t.challenged_by"), at("Said", "t.challenged_at"), by("Taken back by", "t.taken_back_by"), at("Taken back", "t.taken_back_at")},
		leaves: []string{"fact"}},

	{table: "reduced_timetable", chapter: Provision, title: "Shorter timetables", order: "t.starts_on", fields: []field{
		school("School", "t.setting_id"), day("From", "t.starts_on"), day("Planned until", "t.planned_end"), day("Ended", "t.ended_on"), named("How it ended", "t.outcome"), said("Hours", "t.hours", hourWords), said("A full week", "t.full_hours", hourWords),
		named("Why", "t.reason"), typed("More about it", "t.note"), typed("The way back", "t.way_back"), day("Carer agreed", "t.carer_agreed_on"), day("Social worker agreed", "t.worker_agreed_on"), day("Virtual School agreed", "t.virtual_school_agreed_on"),
		day("Risks looked at", "t.risk_assessed_on"), day("Council told", "t.council_told_on"), day("Next review", "t.next_review_on"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "reduced_timetable_review", chapter: Provision, title: "Reviews of shorter timetables", order: "t.held_on", fields: []field{
		day("Held", "t.held_on"), named("Outcome", "t.outcome"), said("Hours before", "t.was_hours", hourWords), said("Hours after", "t.hours", hourWords), typed("Words", "t.words"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")},
		leaves: []string{"timetable_id"}},
	{table: "provision", chapter: Provision, title: "Learning in other places", order: "t.starts_on", fields: []field{
		fact("Place", "t.place"), named("Registered as a school", "t.registration"), named("Arranged by", "t.arranged_by"), typed("What for", "t.purpose"), day("From", "t.starts_on"), day("Planned until", "t.planned_end"), day("Ended", "t.ended_on"),
		said("Hours", "t.hours", hourWords), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "provision_check", chapter: Provision, title: "Checks of those places", order: "t.checked_on", fields: []field{
		fact("Place", "(select v.place from provision v where v.id = t.provision_id)"), day("Checked", "t.checked_on"), typed("Checked by", "t.checked_by"), yesNo("Safe", "t.safe"), named("Found", "t.finding"), typed("Words", "t.words"),
		by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
}

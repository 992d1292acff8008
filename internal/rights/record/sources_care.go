package record

// at is a moment, as small print.
func at(label, sql string) field {
	return field{label: label, sql: "extract(epoch from " + sql + ")", say: momentWords, quiet: true}
}

// sources are all that is read, in the order in which it is shown. See also leftOut in the test of the
// schema: what is not read, and why.
var sources = concat(careSources, planSources, schoolSources, moneySources, peopleSources)

func concat(lists ...[]source) []source {
	var all []source
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

var from903 = field{label: "Known from", sql: "t.source", say: sourceWords, quiet: true}

var careSources = []source{
	{table: "child", chapter: You, title: "You", fields: []field{
		fact("Forename", "t.forename"), fact("Surname", "t.surname"), fact("Name you go by", "t.preferred_name"),
		fact("Names before", "array_to_string(t.former_names, ', ')"), day("Born", "t.date_of_birth"), code("Sex", "t.sex", "SEX"), code("Ethnicity", "t.ethnicity", "ETHNIC"),
		fact("Unique pupil number", "t.upn"), named("How good that number is", "t.upn_quality"), fact("Social care identifier", "t.la_child_id"),
		yesNo("Came to the country unaccompanied", "t.unaccompanied"), day("Unaccompanied until", "t.unaccompanied_until"),
		fact("Years taught out of year", "nullif(t.year_offset, 0)"), typed("Why out of year", "t.year_offset_reason"),
		from903, day("Closed when you were adopted", "t.sealed_on"), at("Record began", "t.created_at"), at("Last changed", "t.updated_at")},
		leaves: []string{"search_name", "sort_name"}},
	{table: "child_as_returned", chapter: You, title: "You, as the last return to the government had it", key: "t.child_id::text", order: "t.child_id", fields: []field{
		day("Born", "t.date_of_birth"), code("Sex", "t.sex", "SEX"), code("Ethnicity", "t.ethnicity", "ETHNIC"), fact("Unique pupil number", "t.upn")},
		leaves: []string{"import_id"}},
	{table: "care_period", chapter: Care, title: "Time in care", order: "t.period", fields: with(span("t.period"), code("Why it ended", "t.end_code", "REC"), from903)},
	{table: "legal_status", chapter: Care, title: "Legal status", order: "t.period", fields: with(span("t.period"), code("Status", "t.code", "LS"), from903)},
	{table: "placement", chapter: Care, title: "Where you lived", order: "t.period", fields: with(span("t.period"), code("Kind of place", "t.code", "PLACE"),
		said("Where", "t.in_authority", placeWords), code("Who runs it", "t.provider_code", "PLACE_PROVIDER"), from903)},
	{table: "category_of_need", chapter: Care, title: "Why you came into care, as the return says it", order: "t.period", fields: with(span("t.period"), code("Category", "t.code", "CIN"), from903)},
	{table: "care_review", chapter: Care, title: "Reviews of your care", order: "t.held_on", fields: []field{day("Held", "t.held_on"), code("How you took part", "t.participation_code", "REVIEW_CODE"), from903}},
	{table: "sdq_assessment", chapter: Care, title: "Strengths and difficulties questionnaires", order: "t.return_year", fields: []field{
		fact("Year to 31 March", "t.return_year"), fact("Score, of 40", "t.score"), code("Why there is none", "t.reason_code", "SDQ_REASON"), from903}},
	{table: "previous_permanence", chapter: Care, title: "Before this time in care", key: "t.child_id::text", order: "t.child_id", fields: []field{code("Earlier order", "t.code", "PREV_PERM"), day("Ended", "t.ended_on"), from903}},

	{table: "roll", chapter: Schools, title: "Schools", order: "t.period", fields: with(span("t.period"), school("School", "t.setting_id"), named("As", "t.kind"), typed("Why you left", "t.end_reason"), from903)},
	{table: "sen_status", chapter: Schools, title: "Special educational needs", order: "t.period", fields: with(span("t.period"), said("Support", "t.status", senWords), fact("Primary need", "t.primary_need"), from903)},
	{table: "place_search", chapter: Schools, title: "Finding a school place", order: "t.opened_on", fields: []field{
		day("No place since", "t.opened_on"), named("Why", "t.reason"), yesNo("Emergency", "t.emergency"), typed("More about it", "t.note"),
		typed("Next", "t.next_task"), day("By", "t.next_on"), named("Who does it", "t.next_by"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
	{table: "place_step", chapter: Schools, title: "Steps to a school place", order: "t.taken_on, t.id", fields: []field{
		day("Day", "t.taken_on"), named("Step", "t.kind"), fact("School", "t.school"), typed("What was said or decided", "t.words"),
		yesNo("Entered by mistake", "nullif(t.mistaken, false)"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")}},
}

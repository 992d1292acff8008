package record

var forRequest = field{label: "Request", sql: "t.request_id", group: true}

// Money says what was asked and spent for the child. Who approved within whose limit, and the books'
// own numbers, are about the people who decided.
var moneySources = []source{
	{table: "premium_request", chapter: Money, title: "Requests", order: "t.asked_at, t.id", fields: []field{
		fact("Request", "t.id"), said("Financial year", "t.financial_year", financialWords), named("Grant", "t.stream"), named("For", "t.category"), typed("What for", "t.purpose"), typed("What difference it should make", "t.expected_difference"), pounds("Asked", "t.amount_pence"),
		school("School", "t.setting_id"), day("From", "t.starts_on"), day("To", "t.ends_on"), fact("Children in the group", "t.group_size"), named("How it stands", "t.state"), pounds("Approved", "t.approved_pence"), pounds("Set aside", "t.committed_pence"),
		pounds("Given back", "t.released_pence"), pounds("Paid", "t.paid_pence"), pounds("Recovered", "t.recovered_pence"), typed("Words of the decision", "t.decision_reason"), typed("Why out of the rules", "t.exception_reason"),
		said("Released for the year", "t.release_year", yearWords), named("Released for the term", "t.release_term"), by("Asked by", "t.asked_by"), at("Asked on", "t.asked_at"), by("Decided by", "t.decided_by"), at("Decided", "t.decided_at")},
		leaves: []string{"target_id", "scheme", "scheme_version", "stand_in_id"}},
	{table: "premium_item", chapter: Money, title: "What it is for, in parts", key: "t.request_id || '-' || t.position", order: "t.request_id, t.position", fields: []field{
		forRequest, typed("What", "t.what"), fact("How many", "t.quantity"), pounds("Each", "t.unit_pence")}},
	{table: "premium_event", chapter: Money, title: "What happened to requests", order: "t.at, t.id", fields: []field{forRequest, named("What", "t.event"), pounds("Sum", "t.amount_pence"), typed("Words", "t.words"), by("By", "t.account_id"), at("When", "t.at")}},
	{table: "premium_approval", chapter: Money, title: "Approvals", order: "t.at, t.id", fields: []field{forRequest, pounds("Sum", "t.amount_pence"), by("By", "t.account_id"), at("When", "t.at")},
		leaves: []string{"request_version", "within_limit", "stand_in_id", "power_of"}},
	{table: "premium_panel_item", chapter: Money, title: "Requests sent to a panel", key: "t.request_id || '-' || t.request_version", order: "t.sent_at", fields: []field{
		forRequest, day("Panel of", "(select p.day from premium_panel p where p.id = t.panel_id)"), by("Sent by", "t.sent_by"), at("Sent", "t.sent_at")}},
	{table: "premium_payment_line", chapter: Money, title: "Payments", order: "t.id", fields: []field{
		forRequest, fact("Reference", "t.reference"), pounds("Sum", "t.amount_pence"), named("How it stands", "t.state"), day("Paid", "t.paid_on"), fact("Payment reference", "t.payment_reference"), day("Evidence due", "t.evidence_due_on"),
		by("Recorded by", "t.paid_by"), at("Recorded", "t.paid_at"), typed("Why it was undone", "t.undone_reason"), by("Undone by", "t.undone_by"), at("Undone", "t.undone_at")},
		leaves: []string{"run_id", "remittance_id", "pay_transfer", "unpay_transfer"}},
	{table: "premium_transfer", chapter: Money, title: "The books", order: "t.made_at, t.id", fields: []field{
		forRequest, said("Financial year", "t.financial_year", financialWords), named("Grant", "t.stream"), named("What", "t.kind"), pounds("Sum", "t.amount_pence"), typed("Why", "t.reason"), day("Day", "t.made_on"), by("By", "t.made_by"), at("Written", "t.made_at")},
		leaves: []string{"from_account", "to_account", "reverses", "idempotency_key", "journal", "purpose_id", "deletion_id"}},
	{table: "premium_evidence", chapter: Money, title: "Invoices, receipts and reports", order: "t.recorded_at", fields: []field{
		forRequest, named("Kind", "t.kind"), pounds("Sum", "t.amount_pence"), day("Dated", "t.dated_on"), typed("Note", "t.note"), by("Recorded by", "t.recorded_by"), at("Recorded", "t.recorded_at")},
		leaves: []string{"takes_back"}},
	{table: "premium_evidence_day", chapter: Money, title: "More time for evidence", order: "t.set_at", fields: []field{forRequest, day("Due", "t.due_on"), typed("Why", "t.reason"), by("Set by", "t.set_by"), at("Set", "t.set_at")}},
}

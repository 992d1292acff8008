package journeys

import (
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium"
)

// wishes asks for a child's money in the school's name, without going through the pages.
func (w *town) wishes(child, pounds int64, category premium.Category) {
	w.t.Helper()
	wish := premium.Wish{Category: category, Purpose: "What " + category.Name() + " costs", Difference: "Comes to school gladly", Amount: money.Pounds(pounds)}
	if _, err := w.Options.Services.Premium.Ask(w.t.Context(), w.teacher, child, wish); err != nil {
		w.t.Fatal(err)
	}
}

// TestManyAreApprovedAPanelLooksAndAStandInDecides goes through what a queue is cleared by when not
// everything is small and not everybody is there.
func TestManyAreApprovedAPanelLooksAndAStandInDecides(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.funded("needs_led")
	if err := policy.Set(t.Context(), town.DB, town.head, policy.PremiumPanel, money.Pounds(1000), calendar.Of(town.DB.Now()), "Scheme of delegation"); err != nil {
		t.Fatal(err)
	}
	town.wishes(town.maya, 120, "enrichment")
	town.wishes(town.jon, 200, "equipment")
	town.wishes(town.amelie, 1400, "mentoring")

	deputy := town.as(town.deputy)
	deputy.Opens("/premium/requests")
	deputy.Sees("3 requests waiting", "For the panel")
	deputy.Chooses("Choose Maya Okonkwo-Featherstonehaugh, £120.00")
	deputy.Chooses("Choose Jón Þórsson, £200.00")
	deputy.Chooses("Choose Amélie Ferreira, £1,400.00")
	deputy.Presses("Approve the chosen…")
	deputy.Sees("Nothing is approved yet", "Will be approved", "Left out", "Approve 2 requests, £320.00")
	deputy.Presses("Approve 2 requests, £320.00")
	deputy.Sees("2 requests approved, £320.00 in all", "1 request waiting")

	deputy.Follows("Panels")
	deputy.TypesDate("Day of the panel", "23 11 2026")
	deputy.Types("Members", "The head, two governors")
	deputy.Presses("Plan the panel")
	panel := deputy.where()
	deputy.Opens("/premium/requests")
	deputy.Follows("Amélie Ferreira")
	deputy.DoesNotSee("Approve £1,400.00")
	deputy.Chooses("Send to the next panel")
	deputy.Presses("Save the decision")
	deputy.Sees("Sent to the next panel.")
	deputy.Opens(panel)
	deputy.Types("Minutes", "The panel agrees: one year, reviewed each term.")
	deputy.Presses("The panel has met")
	deputy.Sees("The panel is held. Its requests can be decided now.")
	deputy.Follows("Amélie Ferreira")
	deputy.Chooses("Approve £1,400.00")
	deputy.Presses("Save the decision")
	deputy.Sees("Approved. The money is committed. Nothing else waits for you here.")

	town.wishes(town.maya, 90, "trips")
	town.wishes(town.jon, 60, "exams")
	town.standsIn(town.advisor)
}

// standsIn has an advisor decide while the deputy is away, and not a day longer.
func (w *town) standsIn(advisor access.Actor) {
	deputy := w.as(w.deputy)
	deputy.Opens("/premium/requests")
	deputy.Follows("Stand-ins")
	deputy.Picks("Who decides meanwhile", advisor.Name+", "+advisor.Role.Name())
	deputy.TypesDate("Last day", "25 11 2026")
	deputy.Types("Reason", "Leave")
	deputy.Presses("Name the stand-in")
	deputy.Sees("Ade Advisor", "Leave")

	standIn := w.as(advisor)
	standIn.Opens("/")
	standIn.Follows("Premium")
	standIn.Opens("/premium/requests")
	standIn.Follows("Maya Okonkwo-Featherstonehaugh")
	standIn.Sees("You decide for Dev Deputy, away until 25 November 2026.")
	decision := standIn.where()
	standIn.Chooses("Approve £90.00")
	standIn.Presses("Save the decision")
	standIn.Sees("Approved. The money is committed. Next: £60.00")
	next := standIn.where()

	w.Passes(3 * 24 * time.Hour)
	late := w.as(advisor)
	late.Opens(next)
	late.IsAnswered(403)
	late.Opens("/premium/requests")
	late.IsAnswered(403)
	deputy = w.as(w.deputy)
	deputy.Opens(decision)
	deputy.Sees("Ade Advisor, for Dev Deputy, away until 25 November 2026")
	deputy.Opens("/premium/requests")
	deputy.Sees("1 request waiting")
}

// TestTermlySumsAreSeenBeforeTheyAreReleased: a preview, a confirmation, a sum that is split because the
// child changed school, and a move afterwards, for which nothing is paid twice.
func TestTermlySumsAreSeenBeforeTheyAreReleased(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.funded("termly_release")
	town.moves(town.maya, "2026-10-19")
	for _, child := range []int64{town.maya, town.jon} {
		town.Exec(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, started_by, started_at, submitted_by, submitted_at, signed_off_by, signed_off_at)
			values ($1, 'termly', 'primary', 1, 2026, 'autumn', 'signed_off', '2026-10-10', true, $2, '2026-10-01', $2, '2026-10-12', $3, '2026-10-14')`, child, town.teacher.ID, town.advisor.ID)
	}
	deputy := town.as(town.deputy)
	deputy.Opens("/premium")
	deputy.Follows("Releases")
	deputy.Sees("0 sums released before, 3 sums due now, 1 withheld.", "34 of 79 £236.71 Due", "45 of 79 £313.29 Due", "79 of 79 £550.00 Due", "There is no submitted plan for the term")
	deputy.Presses("Release £1,100.00")
	deputy.Sees("3 sums are released: approved and committed, to be paid with the next payments.", "£236.71 Released")
	deputy.DoesNotSee("To release now")

	town.moves(town.jon, "2026-11-16")
	deputy.Opens("/premium/releases")
	deputy.Sees("3 sums released before, 0 sums due now, 2 withheld.", "The whole sum was released to another school before the move. Ask for it back first")

	officer := town.as(town.data)
	officer.Opens("/premium/payments")
	officer.Sees("£1,100.00", "Netherton Park Academy (URN 100002): £313.29", "£786.71")
	officer.Presses("Make a run of all 3")
	officer.Sees("£1,100.00 to 2 schools: 3 payments")
}

// moves has a child change school on a day.
func (w *town) moves(child int64, day string) {
	w.t.Helper()
	w.Exec(`update roll set period = daterange(lower(period), $2::text::date) where child_id = $1`, child, day)
	w.OnRoll(child, w.otherSchool, "["+day+",)")
}

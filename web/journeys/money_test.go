package journeys

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

// funded gives the town a year's income, and the paying policy that holds.
func (w *town) funded(scheme string) {
	w.t.Helper()
	books := year.Service{DB: w.DB}
	entry := year.Entry{Stage: year.Provisional, Rate: money.Pounds(2630), Source: "Conditions of grant 2026 to 2027", Children: 10}
	err := books.EnterIncome(w.t.Context(), w.head, ledger.LookedAfter, 2026, 1, entry)
	if err == nil {
		err = policy.Set(w.t.Context(), w.DB, w.head, policy.PremiumScheme, scheme, calendar.MustParse("2026-09-01"), "Schools forum")
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// asks fills in the form that asks for money, item by item, and leaves it to be sent.
func (v *Visitor) asks(child int64, category, purpose, item, quantity, price string) {
	v.t.Helper()
	v.Opens(path(child, "/premium"))
	v.Follows("Ask for Pupil Premium Plus")
	v.Picks("What the money is for", category)
	v.Types("What the money will pay for", purpose)
	v.Types("What will be different for the child", "Reads at the age that is expected, by the summer plan")
	v.TypesIn("Item 1", "What it is", item)
	v.TypesIn("Item 1", "How many", quantity)
	v.TypesIn("Item 1", "Price of one", price)
}

// paper is a file on the visitor's own disk.
func (v *Visitor) paper(name, content string) string {
	v.t.Helper()
	path := filepath.Join(v.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		v.t.Fatal(err)
	}
	return path
}

// TestMoneyAddsUpFromAskingToTheLastPenny follows one sum through everybody's hands: the school that asks
// and shows what was bought, the deputy at the keyboard, who pays, the bursar who reads, and the books.
func TestMoneyAddsUpFromAskingToTheLastPenny(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.funded("termly_release") // pays in advance
	town.prints()

	teacher := town.as(town.teacher)
	teacher.asks(town.maya, "One-to-one tuition", "Twelve hours of reading tuition with <Miss Bright> & books", "Hour of tuition", "12", "40.00")
	teacher.Presses("Send the request")
	teacher.Sees("£480.00", "Hour of tuition")
	request := teacher.where()
	teacher.AttachesIn("Documents", "Add a document", teacher.paper("quotation.txt", "Twelve hours at £40.00"))
	teacher.Presses("Add the document")
	teacher.Sees("quotation.txt")

	// The same need again is not kept from being asked for, and is told at once.
	teacher.asks(town.maya, "One-to-one tuition", "Twelve hours of reading tuition with Miss Bright and books", "Hour of tuition", "12", "")
	teacher.Presses("Send the request")
	teacher.IsAnswered(422)
	teacher.Sees("This may already have been asked for this year")
	teacher.Holds("What the money will pay for", "Twelve hours of reading tuition with Miss Bright and books")
	teacher.Follows("Cancel")
	teacher.asks(town.jon, "Technology", "A laptop", "Laptop", "1", "650.00")
	teacher.Presses("Send the request")

	town.decidesByKeyboard(request)
	run, file := town.paysOut()
	town.readsRemittance(run)
	town.entersWhatFinancePaid(file)

	teacher.Opens("/")
	teacher.Opens(request)
	teacher.Sees("Paid £480.00")
	teacher.Follows("Record evidence")
	teacher.Chooses("Invoice")
	teacher.Types("Amount it shows", "480.00")
	teacher.TypesDate("Date on the evidence", "20 11 2026")
	teacher.AttachesIn("Record evidence", "The document itself", teacher.paper("invoice 17.txt", "Twelve hours, paid with thanks"))
	teacher.Presses("Record evidence")
	teacher.Sees("invoice 17.txt", "£480.00 shown")

	town.correctsTheBooks(request)
}

// decidesByKeyboard has the deputy clear the queue without a mouse.
func (w *town) decidesByKeyboard(request string) {
	deputy := w.as(w.deputy)
	deputy.Opens("/premium/requests")
	deputy.Sees("2 requests waiting", "1 document")
	deputy.TabsTo("Decide the first")
	deputy.EntersByKey()
	deputy.IsAt(request + "/decision")
	deputy.Sees("quotation.txt", "Hour of tuition", "£480.00")
	deputy.KeysTo("n") // looks at the next one first, and comes round again
	deputy.Sees("A laptop")
	deputy.KeysTo("n")
	deputy.IsAt(request + "/decision")
	deputy.PressesKeys("a")
	deputy.TabsTo("Save the decision")
	deputy.EntersByKey()
	deputy.Sees("Approved. The money is committed. Next: £650.00, Technology. 1 request left.", "A laptop")
	// Arrows go through the ready sentences; leaving the list takes one, to be added to.
	deputy.PressesKeys("rw" + strings.Repeat(kb.ArrowDown, 4) + kb.Tab)
	deputy.PressesKeys(" Thank you.")
	deputy.Holds("Reason or question", "How is the cost made up? Please give the number of sessions or items and the price of each. Thank you.")
	deputy.TabsTo("Save the decision")
	deputy.EntersByKey()
	deputy.Sees("Returned with your question. Nothing else waits for you here.")
}

// paysOut makes a payment run and gives finance its file.
func (w *town) paysOut() (run string, file [][]string) {
	officer := w.as(w.data)
	officer.Opens("/premium/payments")
	officer.Sees("£480.00", "1 request")
	officer.Presses("Make a run of all 1")
	officer.Sees("£480.00 to 1 school", "Not downloaded yet")
	content := string(officer.Downloads("button", "Download the file for finance"))
	file, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(content, "\ufeff"))).ReadAll()
	if err != nil || len(file) != 2 || file[1][7] != "480.00" {
		w.t.Fatalf("the file for finance: %v %v", file, err)
	}
	for _, name := range names {
		if strings.Contains(content, name) {
			w.t.Errorf("the file for finance names a child")
		}
	}
	officer.Opens(officer.where())
	officer.Presses("Finance has it: open the remittances")
	officer.Sees("PP2627-001")
	return "PP2627-001", file
}

// readsRemittance has the school print what its bursar wants to know.
func (w *town) readsRemittance(run string) {
	teacher := w.as(w.teacher)
	teacher.Opens("/premium/remittances")
	teacher.Follows(run)
	words := []string{"MO", "One-to-one tuition", "PP2627-001-01", "23 March 2027", "£480.00", "Dot Data"}
	teacher.Sees(words...)
	teacher.SeesOnPaper(words...)
	teacher.DoesNotSee(names...)
	teacher.DoesNotSeeOnPaper("Download as PDF")
	teacher.Prints(1, 1)
	isPaper(w.t, teacher.Downloads("link", "Download as PDF"), words...)
}

// entersWhatFinancePaid sends a file with a wrong line first, of which nothing is entered.
func (w *town) entersWhatFinancePaid(file [][]string) {
	officer := w.as(w.data)
	send := func(amount string) {
		row := append([]string(nil), file[1]...)
		row[7], row[8], row[9] = amount, "23/11/2026", "BACS 77"
		officer.Opens("/premium/payments/paid")
		officer.AttachesIn("Send a file", "File from finance", officer.paper("paid.csv", strings.Join(file[0], ",")+"\r\n"+quoted(row)+"\r\n"))
		officer.Presses("Check the file")
	}
	send("48.00")
	officer.Sees("none of it can be confirmed", "The line is for £480.00 and the file says £48.00")
	officer.Presses("Put this file away")
	if paid := w.ID(`select sum(paid_pence) from premium_request`); paid != 0 {
		w.t.Errorf("%d pence are paid by a file with a problem", paid)
	}
	send("480.00")
	officer.Sees("£480.00 in 1 payment would be entered as paid. Nothing has changed yet.")
	officer.Presses("Confirm these payments")
	officer.Sees("Confirmed. The payments are in the ledger.")
	send("480.00")
	officer.Sees("All of it is on record already")
}

// quoted is one line of CSV.
func quoted(row []string) string {
	var cells []string
	for _, cell := range row {
		cells = append(cells, fmt.Sprintf("%q", cell))
	}
	return strings.Join(cells, ",")
}

// correctsTheBooks records what the school gave back, takes it back as a mistake, and looks whether every
// penny is where the books say.
func (w *town) correctsTheBooks(request string) {
	officer := w.as(w.data)
	officer.Opens(request + "/payments")
	officer.Sees("BACS 77", "invoice 17.txt")
	if text := string(officer.Downloads("link", "invoice 17.txt")); text != "Twelve hours, paid with thanks" {
		w.t.Errorf("the invoice says %q", text)
	}
	officer.Unfolds("Record what the school gave back")
	officer.TypesIn("Record what the school gave back", "Amount", "40.00")
	officer.TypesIn("Record what the school gave back", "Reason", "One lesson fell out")
	officer.Presses("See what it would do")
	officer.Sees("check before it is done", "Given back, after this £40.00")
	officer.Presses("Confirm")
	officer.Sees("Given back by the school £40.00")
	officer.Unfolds("Take this entry back")
	officer.Types("Why it is taken back", "The lesson was made up for")
	officer.Presses("Take it back")
	officer.Sees("Taken back", "The lesson was made up for")
	officer.Opens("/premium/reconciliation")
	officer.Sees("agree to the penny", "There are none", "£480.00")

	head := w.as(w.head)
	head.Opens("/premium/years/looked-after/2026")
	head.Sees("£480.00", "£26,300.00", "£25,820.00")
}

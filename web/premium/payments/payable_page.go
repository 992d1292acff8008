package payments

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

// listSize is how many runs one page lists.
const listSize = 10

type payableView struct {
	Nav          ui.SubNavigationProps
	Form         *kit.Form
	Stream       ledger.Stream
	Year         int
	Books        []payment.Book
	All          []payment.Payable
	Runs         []payment.Run
	Next         string
	Rules        payment.Rules
	Payer        int64
	MayReconcile bool
}

func (p *Pages) payable(w http.ResponseWriter, r *http.Request) error {
	return p.showPayable(w, r, kit.NewForm(nil))
}

// book reads which grant and year a page is about: the present year of the first grant when it is not said.
func (p *Pages) book(text string) (ledger.Stream, int) {
	stream, year, _ := strings.Cut(text, "-")
	financialYear, err := strconv.Atoi(year)
	if err != nil || financialYear < 2011 || financialYear > 2100 || ledger.Stream(stream).Name() == "" {
		return ledger.LookedAfter, calendar.FinancialYear(p.Kit.Today())
	}
	return ledger.Stream(stream), financialYear
}

func bookKey(stream ledger.Stream, year int) string { return fmt.Sprintf("%s-%d", stream, year) }

func bookName(stream ledger.Stream, year int) string {
	return stream.Name() + " " + calendar.FinancialYearLabel(year)
}

func (p *Pages) showPayable(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	actor := kit.Actor(r)
	chosen := r.URL.Query().Get("book")
	if form.Value("book") != "" {
		chosen = form.Value("book")
	}
	view := payableView{Nav: area.Navigation(actor, home), Form: form, Payer: actor.ID, MayReconcile: access.Can(actor, access.Reconcile)}
	view.Stream, view.Year = p.book(chosen)
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	var values policy.Values
	var batch postgres.Batch
	policy.Queue(&batch, &values)
	payment.QueueBooks(&batch, &view.Books)
	payment.QueuePayable(&batch, &view.All, view.Stream, view.Year)
	payment.QueuePayableLook(r.Context(), &batch, view.Stream, view.Year, actor.ID)
	payment.QueueRuns(&batch, &view.Runs, before, listSize+1)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	view.Rules = payment.RulesOf(p.Payments.Schemes, values)
	if form.Err() != nil && !form.Problems.Has("") && len(view.now()) == 0 {
		return done()
	}
	if len(view.Runs) > listSize {
		view.Runs = view.Runs[:listSize]
		view.Next = fmt.Sprintf("%s?book=%s&before=%d#runs", home, bookKey(view.Stream, view.Year), view.Runs[listSize-1].ID)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Pupil premium payments", Form: form, Wide: true}, payablePage(view))
}

func (p *Pages) make(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	stream, year := p.book(form.Value("book"))
	var picked []payment.Pick
	if form.Value("which") == "ticked" {
		for _, text := range form.All("request") {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil || id <= 0 {
				return fault.NotFound()
			}
			pick := payment.Pick{RequestID: id}
			if form.Value(payment.PickField(id)) != "" {
				if pick.Amount = form.Money(payment.PickField(id), "Amount"); pick.Amount == 0 && !form.Problems.Has(payment.PickField(id)) {
					form.Problems.Add(payment.PickField(id), "Amount must be more than £0.00")
				}
			}
			picked = append(picked, pick)
		}
		if len(picked) == 0 {
			form.Problems.Add("request", "Tick what is to be paid, or pay all of it")
		}
	}
	err := form.Err()
	var made payment.MadeRun
	if err == nil {
		made, err = p.Payments.Make(r.Context(), kit.Actor(r), stream, year, picked)
	}
	if form.Refuses(err) {
		return p.showPayable(w, r, form)
	}
	if err != nil {
		return err
	}
	message := "The payment run is made. Nothing is paid before finance has it."
	if made.LeftOut > 0 {
		message = fmt.Sprintf("The payment run is made. %s left out, because you approved %s: someone else must pay %s.", ui.Plural(made.LeftOut, "request was", "requests were"),
			oneOrMany(made.LeftOut, "it", "them"), oneOrMany(made.LeftOut, "it", "them"))
	}
	return p.Kit.Done(w, r, runPath(made.ID), message)
}

func oneOrMany(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// now are the requests that the payer may put into a run.
func (v payableView) now() (list []payment.Payable) {
	for _, one := range v.All {
		if v.most(one) > 0 && !one.ApprovedBy(v.Payer) {
			list = append(list, one)
		}
	}
	return list
}

// most is what may be paid of a request now.
func (v payableView) most(one payment.Payable) money.Pence {
	return one.Payable(v.Rules.Terms(one.Standing))
}

// group is what is kept from a run for one reason.
type group struct {
	count int
	sum   money.Pence
}

// waiting are the requests that cannot be paid now: approved by the payer, without evidence, on their way.
func (v payableView) waiting() (own, evidence, onTheWay group) {
	add := func(g *group, amount money.Pence) {
		if amount > 0 {
			g.count, g.sum = g.count+1, g.sum+amount
		}
	}
	for _, one := range v.All {
		now := v.most(one)
		add(&onTheWay, one.InPayment)
		add(&evidence, one.Left()-now)
		if one.ApprovedBy(v.Payer) {
			add(&own, now)
		}
	}
	return own, evidence, onTheWay
}

func (v payableView) tiles() []ui.Stat {
	var sum money.Pence
	now := v.now()
	schools := map[int64]bool{}
	for _, one := range now {
		sum += v.most(one)
		schools[one.SettingID] = true
	}
	own, evidence, onTheWay := v.waiting()
	tiles := []ui.Stat{{Label: "Can be paid now", Value: sum.String(), Kind: ui.Green,
		Detail: ui.Plural(len(now), "request", "requests") + ", " + ui.Plural(len(schools), "school", "schools")}}
	if evidence.count > 0 {
		tiles = append(tiles, ui.Stat{Label: "Waits for evidence", Value: evidence.sum.String(), Detail: ui.Plural(evidence.count, "request", "requests")})
	}
	tiles = append(tiles, ui.Stat{Label: "On its way", Value: onTheWay.sum.String(), Detail: "in runs that finance has not confirmed"})
	if own.count > 0 {
		tiles = append(tiles, ui.Stat{Label: "You approved", Value: own.sum.String(), Detail: "someone else must pay " + oneOrMany(own.count, "it", "them"), Kind: ui.Grey})
	}
	return tiles
}

// bySchool are the requests that may be paid now, school by school.
func (v payableView) bySchool() (groups [][]payment.Payable) {
	for _, one := range v.now() {
		if last := len(groups) - 1; last >= 0 && groups[last][0].SettingID == one.SettingID {
			groups[last] = append(groups[last], one)
			continue
		}
		groups = append(groups, []payment.Payable{one})
	}
	return groups
}

func (v payableView) schoolSum(group []payment.Payable) string {
	var sum money.Pence
	for _, one := range group {
		sum += v.most(one)
	}
	return sum.String()
}

func (v payableView) bookTabs() []ui.NavItem {
	current := bookKey(v.Stream, v.Year)
	var items []ui.NavItem
	found := false
	for _, book := range v.Books {
		key := bookKey(book.Stream, book.FinancialYear)
		found = found || key == current
		items = append(items, ui.NavItem{Text: bookName(book.Stream, book.FinancialYear), Href: home + "?book=" + key, Current: key == current, Count: book.Requests})
	}
	if !found {
		items = append([]ui.NavItem{{Text: bookName(v.Stream, v.Year), Href: home + "?book=" + current, Current: true}}, items...)
	}
	return items
}

func payee(one payment.Payable) string {
	if one.URN == 0 {
		return one.Payee
	}
	return fmt.Sprintf("%s (URN %d)", one.Payee, one.URN)
}

var runColumns = []ui.Column{{Text: "Run"}, {Text: "Grant and year"}, {Text: "Made"}, {Text: "Payments", Numeric: true}, {Text: "Sum", Numeric: true}, {Text: "State"}}

func runRows(runs []payment.Run) [][]templ.Component {
	var rows [][]templ.Component
	for _, run := range runs {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: run.Reference, Href: runPath(run.ID)}), ui.Text(bookName(run.Stream, run.FinancialYear)),
			ui.Text(calendar.Of(run.MadeAt).Short() + ", " + run.MadeByName), ui.Text(ui.Thousands(run.Lines)), ui.Text(run.Sum.String()), ui.Tag(stateTag(run.State))})
	}
	return rows
}

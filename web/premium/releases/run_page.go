package releases

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/release"
	"virtualschool/internal/premium/scheme"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type runView struct {
	Actor    access.Actor
	Power    premium.Power // how far the actor decides today
	Run      release.Run
	Due      []release.Named
	Year     ledger.Position
	Form     *kit.Form
	Conflict string
}

// termOf reads a term like "2026-autumn"; without one, the latest that has begun.
func termOf(text string) release.Term {
	year, name, _ := strings.Cut(text, "-")
	number, err := strconv.Atoi(year)
	if err != nil || number < 2000 || number > 2100 {
		return release.Term{}
	}
	return release.Term{AcademicYear: number, Name: name}
}

func termValue(term calendar.Term) string { return fmt.Sprintf("%d-%s", term.AcademicYear, term.Name) }

func (p *Pages) run(w http.ResponseWriter, r *http.Request) error {
	term := termOf(r.URL.Query().Get("term"))
	if term.Name == "" {
		latest, err := p.latest(r)
		if err != nil {
			return err
		}
		term = latest
	}
	return p.show(w, r, term, kit.NewForm(nil), "")
}

// latest is the term to begin with: the latest that has begun.
func (p *Pages) latest(r *http.Request) (release.Term, error) {
	var none release.Found
	var batch postgres.Batch
	release.QueueTerms(&batch, &none, p.Releases.Authority)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return release.Term{}, err
	}
	terms := none.Run(p.Releases.Schemes, release.Term{}, p.Kit.Today()).Terms
	if len(terms) == 0 {
		return release.Term{}, nil
	}
	last := terms[len(terms)-1]
	return release.Term{AcademicYear: last.AcademicYear, Name: last.Name}, nil
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, term release.Term, form *kit.Form, conflict string) error {
	actor := kit.Actor(r)
	var found release.Found
	v := runView{Actor: actor, Form: form, Conflict: conflict}
	var batch postgres.Batch
	release.Queue(&batch, &found, p.Releases.Authority, term, actor.ID, audit.RequestID(r.Context()))
	premium.QueuePower(&batch, &v.Power, actor.ID)
	ledger.QueuePosition(&batch, &v.Year, ledger.LookedAfter, calendar.FinancialYear(p.Kit.Today()))
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	v.Run = found.Run(p.Releases.Schemes, term, p.Kit.Today())
	v.Due = v.Run.Due(v.Power)
	if conflict != "" {
		form.Overtaken(release.Version(v.Due))
	} else {
		form.SetVersion(release.Version(v.Due))
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Termly release", Wide: true, Form: form}, runPage(v))
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	term := termOf(form.Value("term"))
	released, err := p.Releases.Confirm(r.Context(), kit.Actor(r), term, form.Version())
	var failed *fault.Fault
	switch {
	case form.Refuses(err):
		form.Renew()
		return p.show(w, r, term, form, "")
	case errors.Is(err, fault.KindConflict) && errors.As(err, &failed):
		return p.show(w, r, term, form, failed.Error())
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, home+"?term="+form.Value("term"), ui.Plural(released, "sum is", "sums are")+" released: approved and committed, to be paid with the next payments.")
}

func (v runView) termly() bool { return v.Run.Scheme.Basis == scheme.TermlyRelease }

// mostTerms is how many terms back are offered: what is older belongs to closed years.
const mostTerms = 6

// terms are the terms that have begun, the latest first.
func (v runView) terms() (items []ui.NavItem) {
	for n := len(v.Run.Terms) - 1; n >= max(0, len(v.Run.Terms)-mostTerms); n-- {
		term := v.Run.Terms[n]
		items = append(items, ui.NavItem{Text: term.Label(), Href: home + "?term=" + termValue(term), Current: term == v.Run.Term})
	}
	return items
}

// group is the lines of a run that stand alike.
type group struct {
	ID, Name string
	Lines    []release.Named
}

func (g group) title() string {
	if sum := release.Sum(g.Lines); sum > 0 {
		return fmt.Sprintf("%s: %s, %s", g.Name, ui.Plural(len(g.Lines), "sum", "sums"), sum)
	}
	return fmt.Sprintf("%s: %d", g.Name, len(g.Lines))
}

// groups are the lines by what is to do about them: what this person can release comes first, and what
// is withheld for the same reason stands together.
func (v runView) groups() (filled []group) {
	all := []group{{ID: "due", Name: "Due now"}, {ID: "left", Name: "For somebody else to release"}, {ID: "withheld", Name: "Withheld"}, {ID: "released", Name: "Released"}}
	for _, line := range v.Run.Lines {
		n := 0
		switch {
		case line.Done:
			n = 3
		case line.Withheld != "":
			n = 2
		case v.left(line) != "":
			n = 1
		}
		all[n].Lines = append(all[n].Lines, line)
	}
	slices.SortStableFunc(all[2].Lines, func(a, b release.Named) int { return strings.Compare(a.Withheld, b.Withheld) })
	return slices.DeleteFunc(all, func(g group) bool { return len(g.Lines) == 0 })
}

// progress says in words how far the run of the term is.
func (v runView) progress() string {
	children, done, withheld, left := map[int64]bool{}, 0, 0, 0
	for _, line := range v.Run.Lines {
		children[line.ChildID] = true
		switch {
		case line.Done:
			done++
		case line.Withheld != "":
			withheld++
		case v.left(line) != "":
			left++
		}
	}
	words := fmt.Sprintf("%s in care in the term: %s released before, %s due now", ui.Plural(len(children), "child", "children"), ui.Plural(done, "sum", "sums"), ui.Plural(len(v.Due), "sum", "sums"))
	if left > 0 {
		words += fmt.Sprintf(", %d left for somebody else", left)
	}
	return words + fmt.Sprintf(", %d withheld.", withheld)
}

func (v runView) left(line release.Named) string {
	return v.Run.Left(line.Line, v.Power)
}

func (v runView) rows(lines []release.Named) [][]templ.Component {
	var rows [][]templ.Component
	for _, line := range lines {
		amount := ui.TextOr("", "Nothing")
		if line.Withheld == "" {
			amount = ui.Text(line.Amount.String())
		}
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: line.Name, Hidden: line.LAChildID, Href: fmt.Sprintf("/children/%d/premium", line.ChildID)}),
			ui.TextOr(line.School, "No school"), ui.Text(fmt.Sprintf("%d of %d", line.Days, line.TermDays)), amount, lineState(v, line),
		})
	}
	return rows
}

package deciding

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// manyView is what approving several requests at once would do. Nothing is approved yet.
type manyView struct {
	Form     *kit.Form
	Filters  kit.Filters
	Today    calendar.Date
	Lines    map[int64]premium.Waiting
	Foreseen []premium.Foreseen
	Stopped  string // why the approval that was sent did nothing
}

func (p *Pages) approveMany(w http.ResponseWriter, r *http.Request) error {
	return p.showMany(w, r, kit.NewForm(nil), r.URL.Query()["request"], "", 0)
}

// saveMany approves what the page before showed, wholly or not at all.
func (p *Pages) saveMany(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	var picks []premium.Pick
	var ids []string
	for _, picked := range form.All("request") {
		id, version, _ := strings.Cut(picked, "-")
		number, err := strconv.ParseInt(id, 10, 64)
		shown, err2 := strconv.Atoi(version)
		if err != nil || err2 != nil {
			continue
		}
		picks, ids = append(picks, premium.Pick{ID: number, Version: shown}), append(ids, id)
	}
	sum, err := p.Premium.ApproveAll(r.Context(), kit.Actor(r), picks)
	switch {
	case form.Refuses(err):
		return p.showMany(w, r, form, ids, "", 0)
	case errors.Is(err, fault.KindConflict), errors.Is(err, fault.KindForbidden):
		form.Renew()
		status := http.StatusConflict
		if errors.Is(err, fault.KindForbidden) {
			status = http.StatusForbidden
		}
		return p.showMany(w, r, form, ids, fault.Words(err), status)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, filtersOf(r.URL.Query()).Href(), fmt.Sprintf("%s approved, %s in all. The money is committed.", ui.Plural(len(picks), "request", "requests"), sum))
}

func (p *Pages) showMany(w http.ResponseWriter, r *http.Request, form *kit.Form, chosen []string, stopped string, status int) error {
	view := manyView{Form: form, Filters: filtersOf(r.URL.Query()), Today: p.Kit.Today(), Lines: map[int64]premium.Waiting{}, Stopped: stopped}
	if ids := numbers(chosen); len(ids) > 0 {
		var rows []premium.Waiting
		var weighings []premium.Weighing
		var pools []premium.Pool
		var values policy.Values
		var batch postgres.Batch
		premium.QueuePicked(&batch, &rows, ids, kit.Actor(r).ID, "premium approval of several", audit.RequestID(r.Context()))
		premium.QueueWeighing(&batch, &weighings, kit.Actor(r).ID, ids...)
		premium.QueuePools(&batch, &pools, calendar.FinancialYear(view.Today))
		policy.Queue(&batch, &values)
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
		for _, row := range rows {
			view.Lines[row.ID] = row
		}
		left := map[ledger.Stream]money.Pence{}
		for _, pool := range pools {
			left[pool.Stream] = pool.Left
		}
		view.Foreseen = premium.Foresee(weighings, left, values)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Approve several requests", Back: view.Filters.Href(), Wide: true, Form: form, Status: status}, manyPage(view))
}

// numbers are the records chosen in an address; what is no number was not chosen.
func numbers(chosen []string) []int64 {
	var ids []int64
	for _, text := range chosen {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && len(ids) < premium.MostAtOnce {
			ids = append(ids, id)
		}
	}
	return ids
}

func (v manyView) approved() (list []premium.Foreseen, sum money.Pence) {
	for _, one := range v.Foreseen {
		if one.Why == "" {
			list, sum = append(list, one), sum+one.Amount
		}
	}
	return list, sum
}

func (v manyView) leftOut() []premium.Foreseen {
	var list []premium.Foreseen
	for _, one := range v.Foreseen {
		if one.Why != "" {
			list = append(list, one)
		}
	}
	return list
}

func (v manyView) rows(list []premium.Foreseen) [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range list {
		line := v.Lines[one.RequestID]
		last := ui.Text("Within the limits")
		if one.Why != "" {
			last = ui.Text(one.Why)
		}
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: rowName(line), Hidden: "decide alone", Href: decisionHref(one.ChildID, one.RequestID, v.Filters)}),
			ui.TextOr(line.School, "No school place"), forCell(line), ui.Text(one.Amount.String()), last})
	}
	return rows
}

// action is where the approval is sent, with the filters that it comes back to.
func (v manyView) action() string {
	action := "/premium/requests/approve"
	if query := v.Filters.Encode(); query != "" {
		action += "?" + query
	}
	return action
}

func (v manyView) hidden() []ui.Hidden {
	var list []ui.Hidden
	approved, _ := v.approved()
	for _, one := range approved {
		list = append(list, ui.Hidden{Name: "request", Value: fmt.Sprintf("%d-%d", one.RequestID, one.Version)})
	}
	return list
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// daysWords is a range of days in words; a zero last day leaves it open.
func daysWords(starts, until calendar.Date) string {
	if until.IsZero() {
		return "From " + starts.Words()
	}
	return starts.Words() + " to " + until.Words()
}

// ended leads on after something of a list was ended; who was quicker has said the same.
func (p *Pages) ended(w http.ResponseWriter, r *http.Request, path, words string, err error) error {
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path, words)
}

package premium

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/scheme"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type schemeView struct {
	Scheme  scheme.Scheme
	Missing string // the policy that is set and not there
	Since   calendar.Date
	Source  string
	MaySet  bool
	Others  []scheme.Scheme
}

// scheme shows the paying policy of today in words, to everyone who may ask.
func (p *Pages) scheme(w http.ResponseWriter, r *http.Request) error {
	v := schemeView{MaySet: access.Can(kit.Actor(r), access.SetPolicy)}
	var batch postgres.Batch
	var values policy.Values
	policy.Queue(&batch, &values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	there := false
	if v.Scheme, there = p.Premium.Schemes.Scheme(values.PremiumScheme()); !there {
		v.Missing = values.PremiumScheme()
	}
	v.Since, v.Source = values.Since(policy.PremiumScheme), values.Source(policy.PremiumScheme)
	for _, one := range p.Premium.Schemes.Newest() {
		if one.Key != v.Scheme.Key {
			v.Others = append(v.Others, one)
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "How Pupil Premium Plus is paid"}, schemePage(v))
}

func (v schemeView) rows() []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, line := range v.Scheme.Lines() {
		rows = append(rows, ui.SummaryRow{Key: line.About, Value: line.Says})
	}
	since := "Since no other was set"
	if !v.Since.IsZero() {
		since = "Since " + v.Since.Words()
	}
	return append(rows, ui.SummaryRow{Key: "Decided by", Value: v.Source, Source: &ui.SourceProps{From: fmt.Sprintf("%s; version %d; %s", since, v.Scheme.Version, v.Scheme.Source)}})
}

func (v schemeView) refusals() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Scheme.NotFunded {
		rows = append(rows, []templ.Component{ui.Text(strings.Join(one.Words, ", ")), ui.Text(one.Why)})
	}
	return rows
}

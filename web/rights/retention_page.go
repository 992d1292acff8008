package rights

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/retention"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const retentionPath = "/rights/retention"

func keptPath(childID int64) string { return fmt.Sprintf("/children/%d/retention", childID) }

type retentionView struct {
	Today calendar.Date
	Over  []retention.Listed
	Soon  []retention.Listed
	More  bool // than the list shows
}

// retention is the records whose time is over or will be within a year, of those the reader sees.
func (p *Pages) retention(w http.ResponseWriter, r *http.Request) error {
	view := retentionView{Today: p.Kit.Today()}
	var all []retention.Listed
	var batch postgres.Batch
	retention.QueueList(&batch, &all)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	var children []int64
	for _, one := range all {
		children = append(children, one.ChildID)
		if retention.Rule(one.Facts).Over(view.Today) {
			view.Over = append(view.Over, one)
		} else {
			view.Soon = append(view.Soon, one)
		}
	}
	view.More = len(all) == retention.Most
	if err := p.Kit.Looked(r, "list of records whose time is over", children); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "How long records are kept", Back: "/rights", Wide: true}, retentionPage(view))
}

func (v retentionView) lead() string {
	switch {
	case len(v.Over)+len(v.Soon) == 0:
		return "No record’s time is over, and none will be within a year."
	case len(v.Over) == 0:
		return "No record’s time is over yet."
	}
	return "The time of " + ui.Plural(len(v.Over), "record", "records") + " is over. Nothing goes by itself: two people decide."
}

func (v retentionView) rows(list []retention.Listed) [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range list {
		kept := retention.Rule(one.Facts)
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: child.DisplayName(one.PreferredName, one.Forename, one.Surname, one.LAChildID), Href: keptPath(one.ChildID)}),
			untilCell(kept, v.Today), ui.Text(kept.Why), againstCell(one), ui.Tag(standing(one, kept, v.Today)),
		})
	}
	return rows
}

// standing is how a record stands, in a word or two.
func standing(one retention.Listed, kept retention.Kept, today calendar.Date) ui.TagProps {
	switch {
	case !one.Held.IsZero():
		return ui.TagProps{Text: "Held until " + one.Held.Short(), Kind: ui.Blue}
	case one.State != "":
		return proposalTag(one.State)
	case !kept.Over(today):
		return ui.TagProps{Text: "Kept", Kind: ui.Grey}
	case len(one.Against) > 0:
		return ui.TagProps{Text: "Cannot go yet", Kind: ui.Orange}
	}
	return ui.TagProps{Text: "To decide", Kind: ui.Yellow}
}

func proposalTag(state string) ui.TagProps {
	return map[string]ui.TagProps{
		"proposed":  {Text: "To be approved", Kind: ui.Yellow},
		"approved":  {Text: "Approved", Kind: ui.Red},
		"refused":   {Text: "Not approved", Kind: ui.Grey},
		"withdrawn": {Text: "Taken back", Kind: ui.Grey},
		"held":      {Text: "Stopped by a hold", Kind: ui.Blue},
	}[state]
}

type keptView struct {
	Strip  ui.IdentityStripProps
	Form   *kit.Form
	Path   string
	Today  calendar.Date
	Me     int64
	Record retention.Record
	Kept   retention.Kept
	Under  *retention.Proposal
}

// kept is how long one record is kept, and what was decided of it.
func (p *Pages) kept(w http.ResponseWriter, r *http.Request) error {
	return p.showKept(w, r, kit.NewForm(nil))
}

func (p *Pages) showKept(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := keptView{Form: form, Path: keptPath(kit.ChildID(r)), Today: p.Kit.Today(), Me: kit.Actor(r).ID}
	var batch postgres.Batch
	record := retention.Queue(&batch, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "retention", &batch); err != nil {
		return err
	}
	view.Record = record()
	view.Kept, view.Under = retention.Rule(view.Record.Facts), view.Record.UnderWay()
	if view.Under != nil && form.Version() == 0 {
		form.SetVersion(view.Under.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "How long this record is kept", Back: retentionPath, Form: form}, keptPage(view))
}

func (p *Pages) hold(w http.ResponseWriter, r *http.Request) error {
	return p.keep(w, r, "The record is kept until that day.", func(form *kit.Form) error {
		kind, reason, until := form.Choice("kind", "Why it is kept", keys(retention.Kinds)...), form.Required("hold_reason", "What it is needed for", 2000), form.Date("until", "The day until which it is kept")
		if err := form.Err(); err != nil {
			return err
		}
		return p.Retention.Hold(r.Context(), kit.Actor(r), kit.ChildID(r), kind, reason, until)
	})
}

func (p *Pages) endHold(w http.ResponseWriter, r *http.Request) error {
	return p.keep(w, r, "The hold has ended.", func(form *kit.Form) error {
		id, why := form.ID("hold"), form.Required("ended_why", "Why it is no longer needed", 2000)
		if id == 0 {
			form.Problems.Add("hold", "Choose which hold ends")
		}
		if err := form.Err(); err != nil {
			return err
		}
		return p.Retention.EndHold(r.Context(), kit.Actor(r), kit.ChildID(r), id, why)
	})
}

func (p *Pages) propose(w http.ResponseWriter, r *http.Request) error {
	return p.keep(w, r, "It is proposed. Somebody else decides.", func(form *kit.Form) error {
		reason := form.Required("reason", "Why nothing in it is needed any more", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Retention.Propose(r.Context(), kit.Actor(r), kit.ChildID(r), reason)
	})
}

func (p *Pages) decideProposal(w http.ResponseWriter, r *http.Request) error {
	return p.keep(w, r, "It is decided.", func(form *kit.Form) error {
		outcome, words := form.Choice("outcome", "Whether you approve", "approved", "refused"), form.Text("words", "Why", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Retention.Decide(r.Context(), kit.Actor(r), kit.ChildID(r), form.Version(), outcome, words)
	})
}

func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	return p.keep(w, r, "The proposal is taken back.", func(form *kit.Form) error {
		words := form.Required("words", "Why it is taken back", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Retention.Withdraw(r.Context(), kit.Actor(r), kit.ChildID(r), form.Version(), words)
	})
}

// keep sends a decision to the service; one that comes too late comes back with what was typed.
func (p *Pages) keep(w http.ResponseWriter, r *http.Request, done string, act func(form *kit.Form) error) error {
	form := kit.FormOf(r)
	err := act(form)
	switch {
	case form.Refuses(err):
		return p.showKept(w, r, form)
	case errors.Is(err, fault.KindConflict) && fault.Words(err) != "":
		form.Overtaken(0)
		form.Problems.Add("", fault.Words(err))
		return p.showKept(w, r, form)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, keptPath(kit.ChildID(r)), done)
}

func keys(choices []retention.Choice) []string {
	var list []string
	for _, choice := range choices {
		list = append(list, choice.Value)
	}
	return list
}

func kinds() []ui.Choice {
	var list []ui.Choice
	for _, choice := range retention.Kinds {
		list = append(list, ui.Choice{Value: choice.Value, Text: choice.Text})
	}
	return list
}

func holdChoices(holds []retention.Hold) []ui.Choice {
	var list []ui.Choice
	for _, h := range holds {
		list = append(list, ui.Choice{Value: strconv.FormatInt(h.ID, 10), Text: retention.KindText(h.Kind) + ", until " + h.Until.Words()})
	}
	return list
}

func (v keptView) facts() []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Kept until", Value: v.Kept.Until.WordsWithDay() + ", " + v.Kept.Until.Relative(v.Today), Source: &ui.SourceProps{From: v.Kept.Why + " (" + v.Kept.Source + ")"}}}
	if len(v.Record.Against) == 0 {
		return append(rows, ui.SummaryRow{Key: "Stands against deleting it", Value: "Nothing that is recorded here"})
	}
	return append(rows, ui.SummaryRow{Key: "Stands against deleting it", Component: linesOf(v.Record.Against)})
}

func holdFacts(h retention.Hold) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Why", Value: retention.KindText(h.Kind)},
		{Key: "What for", Component: ui.Prose(h.Reason), Source: &ui.SourceProps{From: calendar.Moment(h.PlacedAt) + " by " + h.PlacedByName}},
		{Key: "Until", Value: h.Until.WordsWithDay()},
	}
	if !h.EndedOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Ended", Component: ui.Prose(h.EndedWhy), Source: &ui.SourceProps{From: h.EndedOn.Words() + " by " + h.EndedByName}})
	}
	return rows
}

func proposalFacts(p retention.Proposal) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "How it stands", Component: ui.Tag(proposalTag(p.State))},
		{Key: "Why", Component: ui.Prose(p.Reason), Source: &ui.SourceProps{From: calendar.Moment(p.ProposedAt) + " by " + p.ProposedByName}},
	}
	if p.DecidedAt != nil {
		row := ui.SummaryRow{Key: "Decided", Value: "Nothing was said to it", Source: &ui.SourceProps{From: calendar.Moment(*p.DecidedAt) + " by " + p.DecidedByName}}
		if p.Words != "" {
			row.Component = ui.Prose(p.Words)
		}
		rows = append(rows, row)
	}
	return rows
}

// holds are those in force, or those that are over.
func (v keptView) holds(inForce bool) []retention.Hold {
	var list []retention.Hold
	for _, h := range v.Record.Holds {
		if h.InForce(v.Today) == inForce {
			list = append(list, h)
		}
	}
	return list
}

// over are the proposals that came to nothing.
func (v keptView) over() []retention.Proposal {
	var list []retention.Proposal
	for _, p := range v.Record.Proposals {
		if !p.UnderWay() {
			list = append(list, p)
		}
	}
	return list
}

func (v keptView) mayPropose() bool {
	return v.Under == nil && v.Kept.Over(v.Today) && len(v.Record.Against) == 0
}

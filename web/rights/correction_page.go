package rights

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

func correctionsPath(childID int64) string { return fmt.Sprintf("/children/%d/corrections", childID) }

type correctionsView struct {
	Strip ui.IdentityStripProps
	Path  string
	Today calendar.Date
	List  []rights.Correction
}

// corrections is what was said about a child's record.
func (p *Pages) corrections(w http.ResponseWriter, r *http.Request) error {
	view := correctionsView{Path: correctionsPath(kit.ChildID(r)), Today: p.Kit.Today()}
	var batch postgres.Batch
	rights.QueueCorrections(&batch, &view.List, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "corrections", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Corrections and objections", Back: view.Strip.Href}, correctionsPage(view))
}

func (v correctionsView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.List {
		due := ui.Text(one.Due().Short())
		if !one.Decided() {
			due = dueCell(one.Due(), v.Today)
		}
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: one.Part() + ", " + one.AskedOn.Short(), Href: fmt.Sprintf("%s/%d", v.Path, one.ID)}),
			ui.Text(rights.ChoiceText(rights.Askers, one.AskedBy)), due, ui.Tag(outcomeTag(one)),
		})
	}
	return rows
}

func outcomeTag(one rights.Correction) ui.TagProps {
	switch {
	case !one.Decided():
		return ui.TagProps{Text: "To decide", Kind: ui.Yellow}
	case one.Stops():
		return ui.TagProps{Text: "Use is stopped", Kind: ui.Red}
	case one.Outcome == "refused":
		return ui.TagProps{Text: rights.ChoiceText(rights.Outcomes, one.Outcome), Kind: ui.Grey}
	}
	return ui.TagProps{Text: rights.ChoiceText(rights.Outcomes, one.Outcome), Kind: ui.Green}
}

type hearView struct {
	Strip  ui.IdentityStripProps
	Form   *kit.Form
	Action string
	Back   string
}

func (p *Pages) hear(w http.ResponseWriter, r *http.Request) error {
	form := kit.NewForm(nil)
	form.SetDate("asked", p.Kit.Today())
	return p.showHear(w, r, form)
}

func (p *Pages) showHear(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := hearView{Form: form, Back: correctionsPath(kit.ChildID(r))}
	view.Action = view.Back + "/new"
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "corrections", &postgres.Batch{}); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Write down what they say", Back: view.Back, Form: form}, hearPage(view))
}

func (p *Pages) saveHear(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	saying := rights.Saying{
		Kind:       form.Choice("kind", "What they ask for", valuesOf(rights.CorrectionKinds)...),
		About:      form.Choice("about", "Which part of the record it is about", valuesOf(rights.Parts())...),
		RecordSays: form.Text("record_says", "What the record says", 4000),
		PersonSays: form.Required("person_says", "What they say", 4000),
		AskedBy:    form.Choice("asked_by", "Who says so", valuesOf(rights.Askers)...),
		AskedName:  form.Required("asked_name", "Their name", 200),
		AskedOn:    form.Date("asked", "The day"),
	}
	err := form.Err()
	if err == nil {
		_, err = p.Rights.Hear(r.Context(), kit.Actor(r), kit.ChildID(r), saying)
	}
	if form.Refuses(err) {
		return p.showHear(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, correctionsPath(kit.ChildID(r)), "It is written down. The Virtual School decides within a month.")
}

type correctionView struct {
	Strip ui.IdentityStripProps
	Form  *kit.Form
	Actor access.Actor
	Path  string
	Today calendar.Date
	One   rights.Correction
}

func (p *Pages) correction(w http.ResponseWriter, r *http.Request) error {
	return p.showCorrection(w, r, kit.NewForm(nil))
}

func (p *Pages) showCorrection(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	id, err := kit.PathID(r, "correctionID")
	if err != nil {
		return err
	}
	view := correctionView{Form: form, Actor: kit.Actor(r), Path: fmt.Sprintf("%s/%d", correctionsPath(kit.ChildID(r)), id), Today: p.Kit.Today()}
	var batch postgres.Batch
	rights.QueueCorrection(&batch, &view.One, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "correction", &batch); err != nil {
		return err
	}
	if form.Version() == 0 {
		form.SetVersion(view.One.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Correction or objection", Back: correctionsPath(kit.ChildID(r)), Form: form}, correctionPage(view))
}

func (p *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	return p.settle(w, r, "It is decided. The note stands beside the record from now on.", func(form *kit.Form, id int64) error {
		outcome, note, reasons := form.Choice("outcome", "What is decided", valuesOf(rights.Outcomes)...), form.Required("note", "The note beside the record", 4000), form.Required("reasons", "Why", 4000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Rights.Answer(r.Context(), kit.Actor(r), kit.ChildID(r), id, form.Version(), outcome, note, reasons)
	})
}

func (p *Pages) lift(w http.ResponseWriter, r *http.Request) error {
	return p.settle(w, r, "The restriction is lifted.", func(form *kit.Form, id int64) error {
		why := form.Required("lifted_why", "Why it is lifted", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return p.Rights.Lift(r.Context(), kit.Actor(r), kit.ChildID(r), id, form.Version(), why)
	})
}

// settle sends a decision to the service; one that comes too late comes back with what was typed.
func (p *Pages) settle(w http.ResponseWriter, r *http.Request, done string, act func(form *kit.Form, id int64) error) error {
	id, err := kit.PathID(r, "correctionID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	err = act(form, id)
	switch {
	case form.Refuses(err):
		return p.showCorrection(w, r, form)
	case errors.Is(err, fault.KindConflict) && fault.Words(err) != "":
		form.Overtaken(0)
		form.Problems.Add("", fault.Words(err))
		return p.showCorrection(w, r, form)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, correctionsPath(kit.ChildID(r)), done)
}

func (v correctionView) mayDecide() bool { return access.Can(v.Actor, access.DecideCorrection) }

func (v correctionView) facts() []ui.SummaryRow {
	one := v.One
	rows := []ui.SummaryRow{
		{Key: "What they ask for", Value: rights.ChoiceText(rights.CorrectionKinds, one.Kind)},
		{Key: "About", Value: one.Part()},
	}
	if one.RecordSays != "" {
		rows = append(rows, ui.SummaryRow{Key: "The record says", Component: ui.Prose(one.RecordSays)})
	}
	rows = append(rows, ui.SummaryRow{Key: "They say", Component: ui.Prose(one.PersonSays), Source: &ui.SourceProps{From: one.AskedName + ", " + lower(rights.ChoiceText(rights.Askers, one.AskedBy)) + ", " + one.AskedOn.Words() + ". Written down by " + one.RecordedByName}})
	if !one.Decided() {
		return append(rows, ui.SummaryRow{Key: "To be answered by", Value: one.Due().WordsWithDay() + ", " + one.Due().Relative(v.Today), Source: &ui.SourceProps{From: "One month from the day they said so (UK GDPR article 12(3))"}})
	}
	rows = append(rows,
		ui.SummaryRow{Key: "Decided", Value: rights.ChoiceText(rights.Outcomes, one.Outcome), Source: &ui.SourceProps{From: calendar.Moment(*one.DecidedAt) + " by " + one.DecidedByName}},
		ui.SummaryRow{Key: "Note beside the record", Component: ui.Prose(one.Note)},
		ui.SummaryRow{Key: "Why", Component: ui.Prose(one.Reasons)})
	if !one.LiftedOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Restriction lifted", Component: ui.Prose(one.LiftedWhy), Source: &ui.SourceProps{From: one.LiftedOn.Words() + " by " + one.LiftedByName}})
	}
	return rows
}

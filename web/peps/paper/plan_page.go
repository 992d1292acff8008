package paper

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
	"virtualschool/web/peps"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// paperView is a plan as it goes on paper.
type paperView struct {
	peps.PlanView
	Wishes    []voice.Wish // said in this plan
	Authority string
	PrintedBy string
	PrintedAt time.Time
	Notice    string // where the privacy notice for young people is
}

// paper reads the plan that the address names, to be printed. It is one look in the audit.
func (p *Pages) paper(r *http.Request) (paperView, error) {
	var wishes []voice.Wish
	var more postgres.Batch
	voice.QueueOfChild(&more, &wishes, kit.ChildID(r))
	var said []rights.Correction
	rights.QueueCorrections(&more, &said, kit.ChildID(r))
	view, err := p.Read(r, "PEP printed", &more)
	return p.onPaper(view, wishes, said), err
}

// onPaper is a plan with what else goes on its paper. What a child wants few to know stays off it: nobody
// knows on whose desk a paper will lie.
func (p *Pages) onPaper(view peps.PlanView, wishes []voice.Wish, said []rights.Correction) paperView {
	view.Said = rights.BesidePlans(said)
	wishes = slices.DeleteFunc(wishes, func(w voice.Wish) bool {
		return w.PEPID != view.Whole.Plan.ID || w.Audience != voice.Everyone || w.State == voice.Withdrawn
	})
	return paperView{view, wishes, p.Kit.Site.Authority, view.Actor.Name, p.Kit.DB.Now(), p.Kit.Site.BaseURL + "/privacy/young-people"}
}

// print is the whole plan as a page to be printed.
func (p *Pages) print(w http.ResponseWriter, r *http.Request) error {
	v, err := p.paper(r)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Personal Education Plan", Back: v.Path, Print: true}, printPage(v, p.Kit.OfferPDF(v.Path+".pdf")))
}

// printPDF is the whole plan as a file.
func (p *Pages) printPDF(w http.ResponseWriter, r *http.Request) error {
	v, err := p.paper(r)
	if err != nil {
		return err
	}
	return p.Kit.SendPDF(w, r, v.Path+"/print", "Personal Education Plan", "personal-education-plan-"+v.fileTerm()+".pdf", v.sheet())
}

// fileTerm is the term as a part of a file's name: "autumn-2026".
func (v paperView) fileTerm() string {
	return v.Whole.Plan.Term + "-" + strconv.Itoa(v.Whole.Plan.AcademicYear)
}

// sheet is the plan with what stands at the foot of each page, so that a page by itself says whose it is.
func (v paperView) sheet() kit.Sheet {
	return kit.Sheet{Foot: v.foot(), Content: planPaper(v)}
}

func (v paperView) foot() string {
	foot := v.Strip.Name + " · " + v.Whole.Plan.TermLabel()
	if !v.signed() {
		foot += " · Draft, not signed off"
	}
	return foot + " · Printed " + calendar.Of(v.PrintedAt).Short() + " by " + v.PrintedBy
}

// signed says whether the plan is as it was signed off.
func (v paperView) signed() bool {
	return v.Whole.Plan.State == pep.SignedOff || v.Whole.Plan.State == pep.Superseded
}

// stateWords says how the plan stands, for the top of the paper.
func (v paperView) stateWords() (title, text string) {
	plan := v.Whole.Plan
	switch plan.State {
	case pep.SignedOff:
		return "Signed off by " + plan.SignedOffBy, "on " + calendar.Of(*plan.SignedOffAt).Words() + "."
	case pep.Superseded:
		return "Replaced by a newer plan", "Signed off by " + plan.SignedOffBy + " on " + calendar.Of(*plan.SignedOffAt).Words() + "."
	case pep.Cancelled:
		return "Cancelled", plan.CancelReason
	case pep.Returned:
		return "Draft: returned to be corrected", plan.ReturnReason
	case pep.Submitted:
		return "Draft: waiting to be signed off", "Submitted by " + plan.SubmittedBy + " on " + calendar.Of(*plan.SubmittedAt).Words() + "."
	}
	return "Draft: not signed off", v.Progress().Text + "."
}

// facts are who the plan is about and what it is, side by side at the top.
func (v paperView) facts() []ui.Fact {
	plan := v.Whole.Plan
	facts := append([]ui.Fact{}, v.Strip.Facts...)
	meeting := plan.MeetingOn.WordsWithDay()
	if meeting != "" && !plan.MeetingHeld {
		meeting += ", planned"
	}
	began := ui.Fact{Term: "School when the plan began", Value: orWords(plan.Setting, "None")}
	if !slices.ContainsFunc(facts, func(fact ui.Fact) bool { return fact.Term == "School" && fact.Value == plan.Setting }) {
		facts = append(facts, began)
	}
	return append(facts,
		ui.Fact{Term: "Meeting", Value: orWords(meeting, "No day yet")},
		ui.Fact{Term: "Next meeting", Value: orWords(plan.NextMeetingOn.WordsWithDay(), "No day yet")},
		ui.Fact{Term: "Form", Value: v.Whole.Form.Title})
}

func orWords(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}

// writtenBy says who wrote a part, and whether they were done with it.
func (v paperView) writtenBy(part pep.Part) string {
	row := v.Whole.Part(part)
	switch {
	case row.Complete():
		return "Completed by " + row.CompletedBy + ", " + calendar.Of(*row.CompletedAt).Words()
	case row.SavedAt != nil:
		return "Not finished. Last written by " + row.SavedBy + ", " + calendar.Of(*row.SavedAt).Words()
	}
	return "Not written yet"
}

// gridOf are the grades that were given, a row for each subject that has one.
func gridOf(q forms.Question, answer forms.Answer) [][]string {
	var rows [][]string
	for _, subject := range q.Subjects {
		row, given := []string{subject.Text}, false
		for _, column := range q.Columns {
			grade := answer.Grades[subject.Value][column.Key]
			row, given = append(row, grade), given || grade != ""
		}
		if given {
			rows = append(rows, row)
		}
	}
	return rows
}

// tableOf are the filled rows of a table.
func tableOf(q forms.Question, answer forms.Answer) [][]string {
	var rows [][]string
	for _, filled := range answer.FilledRows() {
		var row []string
		for _, column := range q.Columns {
			row = append(row, column.Words(filled[column.Key]))
		}
		rows = append(rows, row)
	}
	return rows
}

// source says where an answer that nobody typed comes from.
func (v paperView) source(question string) string {
	saved, found := v.Whole.Answer(question)
	if !found || saved.From() == "" {
		return ""
	}
	words := saved.From()
	if by := saved.Confirmation(); by != "" {
		words += ", " + by
	}
	return words
}

// targetFacts are what is said of a target beside what it is.
func targetFacts(t pep.Target) []ui.Fact {
	facts := []ui.Fact{
		{Term: "How we will know", Value: orWords(t.Measure, "Not said")}, {Term: "Now", Value: orWords(t.Baseline, "Not said")},
		{Term: "Who helps", Value: orWords(t.Owner, "Not said")}, {Term: "By when", Value: orWords(t.DueOn.Words(), "Not said")},
	}
	if t.Resource != "" {
		facts = append(facts, ui.Fact{Term: "What it takes", Value: t.Resource})
	}
	return facts
}

// answerWords is what came of a wish, in words to anybody.
func answerWords(wish voice.Wish) string {
	answer, answered := wish.Answer()
	if !answered {
		return "No answer yet."
	}
	words := answer.Kind.Name()
	if !answer.HappensBy.IsZero() {
		words += " by " + answer.HappensBy.Words()
	}
	return words + ". " + answer.Words
}

func targetHead(n int, t pep.Target) string {
	head := fmt.Sprintf("Target %d: %s", n+1, pep.TextOf(pep.Areas, t.Area))
	if t.CarriedFrom != 0 {
		head += ", carried forward"
	}
	return head
}

package peps

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// PlanView is one plan, for every page about it.
type PlanView struct {
	Strip    ui.IdentityStripProps
	Whole    pep.Whole
	Actor    access.Actor
	Today    calendar.Date
	Standing pep.Standing
	Working  calendar.WorkingDays
	Writers  []pep.Writer        // who writes the plan's parts, where that is known; read for the plan's own page
	Said     []rights.Correction // what was decided of what somebody said about the child's plans; read for the plan's own page and paper
	Path     string              // of the plan's own page
	Quality  qualityView
}

func refOf(r *http.Request) (pep.Ref, error) {
	id, err := kit.PathID(r, "pepID")
	return pep.Ref{ChildID: kit.ChildID(r), PEPID: id}, err
}

func childPath(childID int64) string { return fmt.Sprintf("/children/%d", childID) }

func planPath(ref pep.Ref) string {
	return fmt.Sprintf("%s/peps/%d", childPath(ref.ChildID), ref.PEPID)
}

// Read reads the plan that the address names, with what else a page asks for, in one round trip.
func (p *Pages) Read(r *http.Request, screen string, more *postgres.Batch) (PlanView, error) {
	ref, err := refOf(r)
	if err != nil {
		return PlanView{}, err
	}
	v := PlanView{Quality: qualityView{Rubrics: p.Rubrics}, Actor: kit.Actor(r), Today: p.Kit.Today(), Path: planPath(ref)}
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, p.PEPs.Forms, ref)
	quality.QueueLatest(&batch, &v.Quality.Latest, ref)
	batch.Append(more)
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	v.Whole = whole()
	return v, nil
}

// view is read for pages that say when the plan is due.
func (p *Pages) view(r *http.Request, screen string, more *postgres.Batch) (PlanView, error) {
	var dates setting.Calendar
	var values policy.Values
	var facts *pep.FactsRow
	var batch postgres.Batch
	pep.QueueFactsOf(&batch, &facts, kit.ChildID(r))
	setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	batch.Append(more)
	v, err := p.Read(r, screen, &batch)
	if err != nil {
		return v, err
	}
	v.Working, v.Quality.Sampling = dates.WorkingDays(), quality.SamplingOf(values)
	cal, deadlines, due := pep.CalendarOf(dates), pep.DeadlinesOf(values), v.Whole.Plan.Due
	var of pep.Facts
	if facts != nil {
		of = facts.Facts()
		if now, asked := pep.DueOf(of, v.Whole.Plan.ID, cal, deadlines, v.Today); asked {
			due = now // by the rules and pauses as they stand today, and not as when the plan began
		}
	}
	v.Standing = pep.StandingOfPlan(of, v.Whole.Dates(), due, cal, deadlines, v.Today)
	return v, nil
}

func (p *Pages) plan(w http.ResponseWriter, r *http.Request) error {
	var batch postgres.Batch
	var writers []pep.Writer
	var said []rights.Correction
	if ref, err := refOf(r); err == nil {
		pep.QueueWriters(&batch, &writers, ref)
		rights.QueueCorrections(&batch, &said, ref.ChildID)
	}
	view, err := p.view(r, "PEP", &batch)
	if err != nil {
		return err
	}
	view.Writers, view.Said = writers, rights.BesidePlans(said)
	view.Quality.Picked = quality.Sample(view.Quality.Latest.Handed, view.Quality.Sampling).Picked
	return p.Kit.Show(w, r, kit.Page{Title: "Personal Education Plan", Back: childPath(view.Whole.Plan.ChildID) + "/peps", Wide: true}, planPage(view))
}

// Caption is the plan in a few words: "Termly review, Autumn 2026/27".
func (v PlanView) Caption() string {
	return v.Whole.Plan.Kind.Name() + ", " + v.Whole.Plan.TermLabel() + editionWords(v.Whole.Plan.Edition)
}

// editionWords is ", edition 2"; a first edition is only called so where there is another.
func editionWords(edition int) string {
	if edition <= 1 {
		return ""
	}
	return fmt.Sprintf(", edition %d", edition)
}

// lead says how the plan stands and what comes next.
func (v PlanView) lead() string {
	plan := v.Whole.Plan
	switch plan.State {
	case pep.SignedOff, pep.Superseded:
		lead := "Signed off by " + plan.SignedOffBy + " on " + calendar.Of(*plan.SignedOffAt).Words() + "."
		switch {
		case plan.State == pep.Superseded && plan.ReopenedAs != 0:
			lead += " A later edition has replaced it."
		case plan.State == pep.Superseded:
			lead += " A newer plan has replaced it."
		case plan.ReopenedAs != 0:
			lead += " It was reopened, and holds until the new edition is signed off."
		}
		return lead
	case pep.Cancelled:
		if plan.ReplacedBy != 0 {
			return plan.CancelReason
		}
		return "Cancelled: " + plan.CancelReason
	}
	var parts []string
	if !v.Standing.Paused.IsZero() {
		parts = append(parts, "Deadlines are paused, "+v.Standing.Paused.Words(v.Today)+".")
	}
	if plan.State == pep.InQA {
		parts = append(parts, plan.QABy+" has been reading it since "+calendar.Of(*plan.QAAt).WordsWithDay()+".")
	}
	if plan.MeetingHeld {
		parts = append(parts, "Meeting held "+plan.MeetingOn.WordsWithDay()+".")
	} else if !plan.MeetingOn.IsZero() {
		parts = append(parts, "Meeting planned for "+plan.MeetingOn.WordsWithDay()+", "+plan.MeetingOn.Relative(v.Today)+".")
	}
	if due := v.Standing.Due; !due.IsZero() {
		words := due.Words(v.Today)
		parts = append(parts, strings.ToUpper(words[:1])+words[1:]+".")
	}
	return strings.Join(parts, " ")
}

// StandingTag is how a plan or child stands, in colour and words.
func StandingTag(stage pep.Stage, overdue int) ui.TagProps {
	if overdue > 0 && !stage.WithAdvisor() && stage != pep.StageReturned {
		return ui.TagProps{Text: "Overdue", Kind: ui.Red}
	}
	kinds := map[pep.Stage]ui.TagKind{pep.StageNone: ui.Grey, pep.StageNotDue: ui.Green, pep.StageDue: ui.Yellow, pep.StageScheduled: ui.Blue, pep.StageInProgress: ui.Blue,
		pep.StageSubmitted: ui.Yellow, pep.StageInQA: ui.Purple, pep.StageReturned: ui.Orange, pep.StageSignedOff: ui.Green, pep.StageSuperseded: ui.Grey, pep.StageCancelled: ui.Grey}
	return ui.TagProps{Text: stage.Name(), Kind: kinds[stage]}
}

// part is one line of the plan's task list.
type part struct {
	Key   pep.Part
	Title string
	Path  string
	Whose string
}

// parts are all parts of the plan in the order of a meeting: the child first, then what is known,
// then what is decided.
func (v PlanView) parts() []part {
	typed := func(key pep.Part, whose string) part { return part{key, key.Title(), string(key), whose} }
	list := []part{typed(pep.PartVoice, "School or social worker")}
	for _, section := range v.Whole.Form.Sections {
		list = append(list, part{pep.Part(section.Key), section.Title, "sections/" + section.Key, Owners(section, v.Whole.Plan.HasSchool())})
	}
	const together = "Everyone at the meeting"
	list = append(list, typed(pep.PartMeeting, together))
	if v.Whole.Last != nil {
		list = append(list, typed(pep.PartReviews, together))
	}
	return append(list, typed(pep.PartTargets, together), typed(pep.PartActions, together))
}

// Owners are who writes a section, in words; where a child has no school, others write the school's.
func Owners(section forms.Section, hasSchool bool) string {
	var names []string
	for _, owner := range section.Owners {
		name := owner.Name()
		if owner == forms.OwnedBySchool && !hasSchool {
			name = "Social worker, as there is no school place"
		}
		names = append(names, name)
	}
	return strings.Join(names, " or ")
}

// Progress is how many of the plan's parts are complete.
func (v PlanView) Progress() ui.ProgressProps {
	done, all := 0, v.parts()
	for _, one := range all {
		if v.Whole.Part(one.Key).Complete() {
			done++
		}
	}
	return ui.ProgressProps{Done: done, Total: len(all), Text: fmt.Sprintf("%d of %d parts complete", done, len(all)), Name: "Parts of the plan"}
}

// buttons are what the person may do with the whole plan now.
func (v PlanView) buttons() []ui.ButtonProps {
	var list []ui.ButtonProps
	add := func(action access.Action, act pep.Act, text, path string, kind ui.ButtonKind) {
		if access.Can(v.Actor, action) && v.Whole.Plan.State.CanMove(act) {
			list = append(list, ui.ButtonProps{Text: text, Href: v.Path + "/" + path, Kind: kind})
		}
	}
	held, submit := v.Whole.Plan.MeetingHeld, ui.Primary
	if v.Whole.MayWrite(v.Actor, pep.PartRoom) {
		meet := ui.ButtonProps{Text: "Open the meeting", Href: v.Path + "/room", Hidden: "on one page", Kind: ui.Secondary}
		if !held {
			meet.Kind, submit = ui.Primary, ui.Secondary
		}
		list = append(list, meet)
	}
	add(access.SubmitPEP, pep.ActSubmit, "Check and submit", "submit", submit)
	if held { // what is next comes first
		slices.Reverse(list)
		list = append(list, ui.ButtonProps{Text: "What we agreed", Href: v.Path + "/agreed", Kind: ui.Secondary})
	}
	if !v.Quality.Picked {
		add(access.SignOffPEP, pep.ActSignOff, "Sign off without a grade", "sign-off", ui.Secondary)
	}
	add(access.SignOffPEP, pep.ActReturn, "Return to be corrected", "return", ui.Secondary)
	if access.Can(v.Actor, access.ReopenPEP) && v.Whole.Plan.CanReopen() {
		list = append(list, ui.ButtonProps{Text: "Reopen as a new edition", Href: v.Path + "/reopen", Kind: ui.Secondary})
	}
	add(access.CancelPEP, pep.ActCancel, "Cancel this plan", "cancel", ui.Secondary)
	return list
}

// related are the plans that this one came from or led to.
func (v PlanView) related() []ui.Link {
	plan := v.Whole.Plan
	var links []ui.Link
	add := func(id int64, text string) {
		if id != 0 {
			links = append(links, ui.Link{Text: text, Href: planPath(pep.Ref{ChildID: plan.ChildID, PEPID: id})})
		}
	}
	add(plan.ReopenedFrom, fmt.Sprintf("Edition %d, as it was signed off", plan.Edition-1))
	add(plan.ReopenedAs, fmt.Sprintf("Edition %d, begun from this one", plan.Edition+1))
	add(plan.Replaces, "What was written at the school before")
	add(plan.ReplacedBy, "The plan at the new school")
	return links
}

func (v PlanView) events() []ui.TimelineItem {
	var items []ui.TimelineItem
	for n := len(v.Whole.Events) - 1; n >= 0; n-- {
		event := v.Whole.Events[n]
		item := ui.TimelineItem{Title: event.Name(), When: calendar.Moment(event.At), Machine: event.At.Format("2006-01-02T15:04:05Z07:00"), By: event.By}
		if event.Words != "" {
			item.Body = ui.Prose(event.Words)
		}
		items = append(items, item)
	}
	return items
}

func voiceBy(v pep.Voice) string {
	by := pep.TextOf(pep.VoiceWays, v.How)
	if v.With != "" {
		by += ", with " + v.With
	}
	if !v.On.IsZero() {
		by += ", " + v.On.Words()
	}
	return by
}

// targetRows are targets as a table. Reviews are of the plan that looks back; nil for new ones.
func targetCells(t pep.Target) []string {
	return []string{t.What, pep.TextOf(pep.Areas, t.Area), t.Measure, t.Baseline, t.Owner, t.DueOn.Short()}
}

func partRows(v PlanView, section forms.Section) []ui.SummaryRow {
	var rows []ui.SummaryRow
	answers := v.Whole.AnswersIn(section.Key)
	for _, question := range section.Shown(answers) {
		row := ui.SummaryRow{Key: question.Label}
		if answer := answers[question.Key]; !answer.Empty() {
			row.Component = answerRead(question, answer)
		}
		if saved, ok := v.Whole.Answer(question.Key); ok && saved.Source != pep.Typed {
			row.Source = &ui.SourceProps{From: saved.From(), When: saved.Confirmation()}
		}
		rows = append(rows, row)
	}
	return rows
}

package suspensions

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/document"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// eventView is one suspension: what the school said, what is due, and what has been done.
type eventView struct {
	Strip     ui.IdentityStripProps
	Actor     access.Actor
	Path      string
	Today     calendar.Date
	Form      *kit.Form // that it has been read
	File      suspension.File
	Readers   []suspension.Reader
	Documents []document.Document
	Calendar  setting.Calendar
	Mine      bool // the reader may change what is recorded
}

func (p *Pages) event(w http.ResponseWriter, r *http.Request) error {
	return p.showEvent(w, r, nil)
}

func (p *Pages) showEvent(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view, err := p.loadEvent(r, "suspension")
	if err != nil {
		return err
	}
	view.Form = form
	if form == nil {
		view.Form = kit.NewForm(map[string]string{"response": view.File.Event.Response})
		view.Form.SetDate("officer", view.Today)
		view.Form.SetDate("review", view.File.Event.PEPReviewOn)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Suspension", Form: form, Back: suspensionsPath(r), Wide: true}, eventPage(view))
}

// loadEvent reads one event with all that is kept about it.
func (p *Pages) loadEvent(r *http.Request, screen string) (eventView, error) {
	v := eventView{Actor: kit.Actor(r), Today: p.Kit.Today()}
	id, err := kit.PathID(r, "suspensionID")
	if err != nil {
		return v, err
	}
	v.Path = eventPath(r, id)
	child := kit.ChildID(r)
	var own []int64
	var batch postgres.Batch
	suspension.QueueEvents(&batch, &v.File.All, child)
	suspension.QueueNotices(&batch, &v.File.Notices, child, id)
	suspension.QueueEducation(&batch, &v.File.Education, child, id)
	suspension.QueueConsidered(&batch, &v.File.Considered, child, id)
	suspension.QueueReaders(&batch, &v.Readers, child, id)
	suspension.QueueOwnSettings(&batch, &own, v.Actor.ID)
	document.QueueOf(&batch, &v.Documents, child, document.OfSuspension, id)
	setting.QueueCalendarOf(&batch, &v.Calendar, p.Kit.Site.AuthorityCode, `select setting_id from suspension where id = @event`, postgres.Args{"event": id})
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	n := slices.IndexFunc(v.File.All, func(e suspension.Event) bool { return e.ID == id })
	if n < 0 {
		return v, fault.NotFound()
	}
	v.File.Event = v.File.All[n]
	v.Mine = access.Can(v.Actor, access.RecordSuspension) && (v.Actor.Role != access.School || slices.Contains(own, v.File.Event.SettingID))
	return v, nil
}

func (v eventView) title() string {
	e := v.File.Event
	return e.Kind.Name() + " of " + e.StartsOn.Words()
}

func (v eventView) steps() []suspension.Step {
	return v.File.Steps(v.Calendar.TermDates(), v.Calendar.SchoolDays(), v.Today)
}

func (v eventView) stands() bool { return v.File.Event.State == suspension.Stands }

// actions are what a school or the team does with the whole event.
func (v eventView) actions() []templ.Component {
	if !v.Mine || !v.stands() {
		return nil
	}
	return []templ.Component{ui.Button(ui.ButtonProps{Text: "Correct", Href: v.Path + "/correct", Kind: ui.Secondary}), ui.Anchor(ui.Link{Text: "The school cancelled it", Href: v.Path + "/cancel"})}
}

// rows are what the school reported.
func (v eventView) rows() []ui.SummaryRow {
	e := v.File.Event
	begins := e.StartsOn.WordsWithDay()
	if e.Afternoon {
		begins += ", after lunch"
	}
	rows := []ui.SummaryRow{{Key: "School", Value: e.School}, {Key: "First day", Value: begins}, {Key: "Length", Value: length(e)},
		{Key: "Reasons", Value: reasonNames(e.Reasons)}, {Key: "Head teacher decided", Value: wordsOf(e.DecidedOn)}}
	if e.Exam != suspension.NoExam {
		rows = append(rows, ui.SummaryRow{Key: "Would be missed", Value: e.Exam.Name() + ", " + e.ExamOn.WordsWithDay()})
	}
	if e.Note != "" {
		rows = append(rows, ui.SummaryRow{Key: "What happened", Component: ui.Prose(e.Note)})
	}
	if !v.stands() {
		rows = append(rows, ui.SummaryRow{Key: e.State.Name(), Value: e.EndedOn.WordsWithDay() + ", after " + suspension.HalfDays(e.Served).Days() + " out of school"})
		if e.EndedBecause != "" {
			rows = append(rows, ui.SummaryRow{Key: "Why it was cancelled", Component: ui.Prose(e.EndedBecause)})
		}
	}
	from := "Recorded by " + e.RecordedBy
	if came := e.CameBy.Name(); came != "" {
		from = came + ". " + from
	}
	rows = append(rows, v.position()...)
	return append(rows, ui.SummaryRow{Key: "How we know", Value: from, Source: &ui.SourceProps{From: calendar.Moment(e.RecordedAt)}})
}

func wordsOf(day calendar.Date) string {
	if day.IsZero() {
		return ""
	}
	return day.WordsWithDay()
}

func length(e suspension.Event) string {
	switch {
	case e.Kind == suspension.Exclusion:
		return "For good"
	case e.Kind == suspension.Lunchtime:
		return ui.Plural(e.Sessions, "lunchtime", "lunchtimes") + ", counted as " + suspension.HalfDays(e.Sessions).Days()
	}
	return suspension.HalfDays(e.Sessions).Days()
}

// position is the year of the event against the 45 days (R26), and its term at its school (R27).
func (v eventView) position() []ui.SummaryRow {
	position := suspension.PositionOf(v.File.All, calendar.AcademicYear(v.File.Event.StartsOn), v.Calendar.SchoolDays())
	rows := []ui.SummaryRow{{Key: "In " + calendar.AcademicYearLabel(position.AcademicYear) + ", over all schools", Value: position.Used.Days() + " of 45"}}
	if total, _, known := v.File.Term(v.Calendar.TermDates(), v.Calendar.SchoolDays()); known {
		rows = append(rows, ui.SummaryRow{Key: "That term, at this school", Value: total.Days()})
	}
	return rows
}

func (v eventView) boardWords() string {
	_, board, _ := v.File.Term(v.Calendar.TermDates(), v.Calendar.SchoolDays())
	return board.Words()
}

// tagOf is how a step stands.
func tagOf(s suspension.Step, today calendar.Date) ui.TagProps {
	switch {
	case !s.Done.IsZero() && s.Late:
		return ui.TagProps{Text: "Done late", Kind: ui.Orange}
	case !s.Done.IsZero():
		return ui.TagProps{Text: "Done", Kind: ui.Green}
	case s.Kind == suspension.StepFirstDay && s.Late:
		return ui.TagProps{Text: "Not met", Kind: ui.Orange}
	case s.Kind == suspension.StepFirstDay:
		return ui.TagProps{Text: "The aim", Kind: ui.Yellow}
	case s.Late:
		return ui.TagProps{Text: "Overdue", Kind: ui.Red}
	case s.Kind == suspension.StepBack && !s.Due.After(today):
		return ui.TagProps{Text: "Over", Kind: ui.Grey}
	case s.Kind == suspension.StepBack:
		return ui.TagProps{Text: "To come", Kind: ui.Grey}
	}
	return ui.TagProps{Text: "To do", Kind: ui.Yellow}
}

// when is the day of a step in words.
func when(s suspension.Step, today calendar.Date) string {
	switch {
	case !s.Done.IsZero() && !s.Due.IsZero() && s.Late:
		return s.Done.WordsNear(today) + "; it was due " + s.Due.WordsNear(today)
	case !s.Done.IsZero():
		return s.Done.WordsNear(today)
	case s.Due.IsZero() && s.Kind == suspension.StepPlan:
		return "No day is set yet"
	case s.Due.IsZero():
		return "No day can be worked out: it is not recorded when it began, or the school's term dates do not reach that far"
	}
	return s.Due.WordsNear(today) + ", " + s.Due.Relative(today)
}

// toldRows are the parties, with when each was told and of what.
func (v eventView) toldRows() [][]templ.Component {
	abouts := []suspension.About{suspension.AboutSuspension}
	if v.File.Event.State == suspension.Cancelled {
		abouts = append(abouts, suspension.AboutEnding)
	}
	total, _, _ := v.File.Term(v.Calendar.TermDates(), v.Calendar.SchoolDays())
	must := suspension.MustBeTold(v.File.Event, total > 10)
	var rows [][]templ.Component
	for _, one := range suspension.Parties {
		row := []templ.Component{ui.Text(one.Name)}
		for _, about := range abouts {
			on := suspension.ToldOf(v.File.Notices, about)[one.Party]
			missing := "Not recorded"
			if !slices.Contains(must, one.Party) && one.Party != suspension.ReviewingOfficer {
				missing = "Need not be told"
			}
			row = append(row, toldCell(on, v.lateFor(one.Party, about, on), missing, v.Today))
		}
		rows = append(rows, row)
	}
	return rows
}

// lateFor judges the notice of the suspension (R30), of those whom the school tells.
func (v eventView) lateFor(party suspension.Party, about suspension.About, on calendar.Date) bool {
	return about == suspension.AboutSuspension && party != suspension.ReviewingOfficer && suspension.NoticeLate(v.File.Event.DecidedOn, on, v.Calendar.SchoolDays())
}

func (v eventView) toldColumns() []ui.Column {
	columns := []ui.Column{{Text: "Who"}, {Text: "Told of the suspension"}}
	if v.File.Event.State == suspension.Cancelled {
		columns = append(columns, ui.Column{Text: "Told that it was cancelled"})
	}
	return columns
}

func (v eventView) readerRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Readers {
		read := ui.TextOr("", "Not read yet")
		if one.ReadAt != nil {
			read = ui.Text(calendar.Moment(*one.ReadAt) + ", " + one.ReadBy)
		}
		rows = append(rows, []templ.Component{ui.Text(one.Part.Name()), ui.Text(calendar.Moment(one.ToldAt)), read})
	}
	return rows
}

// toRead says whether the reader is told in a part in which nobody has read it yet.
func (v eventView) toRead() bool {
	part := suspension.PartOf(v.Actor.Role)
	return part != "" && slices.ContainsFunc(v.Readers, func(one suspension.Reader) bool { return one.Part == part && one.ReadAt == nil })
}

// mayAnswer says whether the reader says what the Virtual School does.
func (v eventView) mayAnswer() bool {
	return access.Can(v.Actor, access.ReadSuspension) && v.Actor.Role != access.SocialWorker
}

func (v eventView) educationRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.File.Education {
		extent := "Part-time"
		if one.FullTime {
			extent = "Full-time"
		}
		row := []templ.Component{ui.Text(one.StartsOn.WordsWithDay()), educationCell(one), ui.Text(extent)}
		if v.Mine {
			row = append(row, removeButton(v.Path, one))
		}
		rows = append(rows, row)
	}
	return rows
}

func (v eventView) educationColumns() []ui.Column {
	columns := []ui.Column{{Text: "From"}, {Text: "What"}, {Text: "Extent"}}
	if v.Mine {
		columns = append(columns, ui.Column{Text: "Remove", Hidden: true})
	}
	return columns
}

// bodies are those that have considered it or may.
func (v eventView) bodies() []bodyView {
	var views []bodyView
	for _, one := range suspension.Bodies {
		if !suspension.MayConsider(one.Body, v.File.Event, v.File.Considered) {
			continue
		}
		b := bodyView{Body: one.Body, Path: v.Path + "/considered/" + strings.ReplaceAll(string(one.Body), "_", "-")}
		for n := range v.File.Considered {
			if v.File.Considered[n].Body == one.Body {
				b.Considered = &v.File.Considered[n]
			}
		}
		views = append(views, b)
	}
	return views
}

type bodyView struct {
	Body       suspension.Body
	Considered *suspension.Considered // nil: nothing recorded yet
	Path       string
}

func (b bodyView) rows() []ui.SummaryRow {
	c := b.Considered
	asked := "Parents asked to be heard"
	if b.Body == suspension.ReviewPanel {
		asked = "Parents applied for a review"
	}
	rows := []ui.SummaryRow{}
	if !c.AskedOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: asked, Value: c.AskedOn.WordsWithDay()})
	}
	rows = append(rows, ui.SummaryRow{Key: "Meeting", Value: wordsOf(c.MeetsOn)})
	rows = append(rows, ui.SummaryRow{Key: "For the Virtual School and the social worker", Component: ui.TextOr(c.Attending, "Nobody named yet: both are invited and may make representations")})
	decision := c.Outcome.Name()
	if decision != "" {
		decision += ", " + c.DecidedOn.WordsWithDay()
	}
	rows = append(rows, ui.SummaryRow{Key: "Decision", Component: ui.TextOr(decision, "Not decided yet")})
	if !c.LetterOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Parents told in writing", Value: c.LetterOn.WordsWithDay()})
	}
	if c.Words != "" {
		rows = append(rows, ui.SummaryRow{Key: "Notes", Component: ui.Prose(c.Words)})
	}
	return append(rows, ui.SummaryRow{Key: "Recorded by", Value: c.RecordedBy, Source: &ui.SourceProps{From: calendar.Moment(c.RecordedAt)}})
}

// link records or changes a body's meeting.
func (b bodyView) link() ui.Link {
	text := "Record the meeting"
	if b.Considered != nil {
		text = "Change"
	}
	return ui.Link{Text: text, Hidden: "of the " + strings.ToLower(b.Body.Name()), Href: b.Path}
}

func (v eventView) documentHref(d document.Document) string {
	return fmt.Sprintf("%s/documents/%d", v.Path[:strings.Index(v.Path, "/suspensions")], d.ID)
}

func (p *Pages) saveRead(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "suspensionID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	var answer suspension.Answer
	if kit.Actor(r).Role == access.SocialWorker {
		answer.OfficerToldOn = form.Date("officer", "The day you told the reviewing officer")
	} else {
		answer.Response = form.Text("response", "What the Virtual School does", suspension.NoteLimit)
		answer.PEPReviewOn = form.OptionalDate("review", "The day the plan is reviewed")
	}
	if err = form.Err(); err == nil {
		err = p.Suspensions.Read(r.Context(), kit.Actor(r), kit.ChildID(r), id, answer)
	}
	if form.Refuses(err) {
		return p.showEvent(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, eventPath(r, id), "Saved.")
}

package children

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/lost"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/returncode"
	"virtualschool/internal/rights"
	"virtualschool/internal/suspension"
	"virtualschool/internal/timeline"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip       ui.IdentityStripProps
	Path        string
	Today       calendar.Date
	Record      child.Record
	Care        bool // may see legal status and placements
	Can         func(access.Action) bool
	Duties      []worklist.Duty
	Plans       pep.Current
	Attendance  attendance.Summary
	Minimum     int // fewest possible sessions from which absence is judged
	Suspensions []suspension.Event
	SchoolDays  calendar.SchoolDays
	Money       []premium.ChildYear
	Lost        lost.Sums // this academic year
	Timeline    timeline.Timeline
	Corrections []rights.Correction // what somebody says about the record
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	actor, id := kit.Actor(r), kit.ChildID(r)
	rules, err := p.Rules(r.Context())
	if err != nil {
		return err
	}
	view := showView{Path: childPath(r), Today: p.Kit.Today(), Care: access.Can(actor, access.SeeCareHistory), Minimum: rules.Values.AttendanceMinimumSessions(),
		Can: func(action access.Action) bool { return access.Can(actor, action) }}
	var facts worklist.Facts
	var batch postgres.Batch
	child.QueueRecord(&batch, &view.Record, id, view.Care)
	worklist.QueueOf(&batch, &facts, id)
	attendance.QueueSummary(&batch, &view.Attendance, id, calendar.AcademicYear(view.Today))
	suspension.QueueYear(&batch, &view.Suspensions, id, calendar.AcademicYear(view.Today))
	if view.Can(access.SeePEP) {
		pep.QueueCurrent(&batch, &view.Plans, id)
	}
	if view.Can(access.SeePremium) {
		premium.QueueChildYears(&batch, &view.Money, id)
	}
	year := calendar.AcademicYearRange(calendar.AcademicYear(view.Today))
	var gone lost.Facts
	if view.Can(access.SeeLostDays) {
		lost.Queue(&batch, &gone, id, year.Start, view.Today)
	}
	if view.Can(access.HearCorrection) {
		rights.QueueCorrections(&batch, &view.Corrections, id)
	}
	history := timeline.For(actor)
	history.Limit = 8
	timeline.Queue(&batch, &view.Timeline, id, history)
	if view.Strip, err = p.Kit.ViewChild(r, "child", &batch); err != nil {
		return err
	}
	for _, row := range gone.Rows {
		view.Lost = lost.SumOf(gone.Counter(rules.Calendar).Count(row, year.Start, view.Today))
	}
	view.Duties, view.SchoolDays = worklist.Duties(facts, rules, actor), rules.Calendar.SchoolDays()
	view.Strip.Heading, view.Strip.Href = true, ""
	if view.Record.PlaceHidden {
		return p.Kit.Show(w, r, kit.Page{Title: "Child", Wide: true, Back: "/children"}, placelessPage(view))
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Child", Wide: true, Back: "/children"}, showPage(view))
}

// timeline is everything that happened, page by page.
func (p *Pages) timeline(w http.ResponseWriter, r *http.Request) error {
	view := showView{Path: childPath(r), Today: p.Kit.Today()}
	history := timeline.For(kit.Actor(r))
	history.Before = timeline.ParseCursor(r.URL.Query().Get("before"))
	var batch postgres.Batch
	timeline.Queue(&batch, &view.Timeline, kit.ChildID(r), history)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "timeline", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Timeline", Back: childPath(r)}, timelinePage(view))
}

// duties are the child's next duties as the list shows them.
func (v showView) duties() []ui.Duty {
	var lines []ui.Duty
	for _, duty := range v.Duties {
		lines = append(lines, ui.Duty{What: duty.What, Href: duty.Href, Reason: duty.Why, Due: duty.DueWords(v.Today), Urgency: urgency[duty.When(v.Today)], Explanation: duty.Explanation()})
	}
	return lines
}

var urgency = map[worklist.When]ui.Urgency{worklist.Overdue: ui.Overdue, worklist.ThisWeek: ui.Soon, worklist.Later: ui.Later}

// tiles are the figures that say how the child is doing at school.
func (v showView) tiles() []ui.Stat {
	year := calendar.AcademicYearLabel(calendar.AcademicYear(v.Today))
	attended := ui.Stat{Label: "Attendance " + year, Value: "Not recorded", Href: v.Path + "/attendance"}
	if v.Attendance.Recorded() {
		attended.Value = v.Attendance.Figures().Rate()
		attended.Detail = fmt.Sprintf("of %s, to %s", ui.Plural(v.Attendance.Possible, "session", "sessions"), v.Attendance.AsAt.Short())
		if flag := v.Attendance.Figures().Flag(v.Minimum); flag != attendance.NoFlag {
			attended.Detail += ". " + string(flag)
			attended.Kind = ui.Red
		}
	}
	position := suspension.PositionOf(v.Suspensions, calendar.AcademicYear(v.Today), v.SchoolDays)
	suspended := ui.Stat{Label: "Suspended " + year, Value: "None", Href: v.Path + "/suspensions"}
	if position.Events > 0 {
		suspended.Value, suspended.Detail = position.Used.Days(), fmt.Sprintf("in %s; %s left of 45", ui.Plural(position.Events, "event", "events"), position.Left.Days())
		if position.Warn || position.Excluded {
			suspended.Kind = ui.Red
		}
	}
	tiles := []ui.Stat{attended, suspended}
	if v.Can(access.SeeLostDays) {
		gone := ui.Stat{Label: "Education lost " + year, Value: "None", Href: v.Path + "/lost"}
		if v.Lost.All > 0 {
			gone.Value, gone.Kind = v.Lost.All.Days(), ui.Red
			gone.Detail = "most of it: " + strings.ToLower(v.Lost.Main().Name())
		}
		tiles = append(tiles, gone)
	}
	if v.Can(access.SeePremium) {
		money := ui.Stat{Label: "Pupil Premium Plus " + calendar.FinancialYearLabel(calendar.FinancialYear(v.Today)), Value: "Nothing asked", Href: v.Path + "/premium"}
		for _, year := range v.Money {
			if year.FinancialYear == calendar.FinancialYear(v.Today) {
				money.Value = year.Approved.String()
				money.Detail = fmt.Sprintf("approved, of %s asked in %s", year.Asked, ui.Plural(year.Requests, "request", "requests"))
				if year.Waiting > 0 {
					money.Detail += fmt.Sprintf("; %d waiting", year.Waiting)
				}
			}
		}
		tiles = append(tiles, money)
	}
	return tiles
}

func (v showView) history() []ui.TimelineItem {
	var items []ui.TimelineItem
	for _, item := range v.Timeline.Items() {
		line := ui.TimelineItem{Title: item.Title, Href: item.Href, When: item.When, Machine: item.Machine(), By: item.By, Source: item.Source}
		if item.Words != "" {
			line.Body = ui.Prose(item.Words)
		}
		items = append(items, line)
	}
	return items
}

func (v showView) links() []ui.Link {
	var links []ui.Link
	add := func(action access.Action, text, path string) {
		if v.Can(action) {
			links = append(links, ui.Link{Text: text, Href: v.Path + path})
		}
	}
	add(access.SeeWishes, "Wishes: you said, we did", "/wishes")
	add(access.WriteNote, "Write a note", "/notes/new")
	add(access.ChangeRoll, "Change school", "/school")
	add(access.ChangeAllocation, "Change who works with the child", "/people")
	add(access.AddChild, "Placement, needs and end of care", "/care")
	add(access.RestrictChild, "Restrict this record", "/restriction")
	add(access.EditChild, "Correct the record", "/edit")
	add(access.SeeLooks, "Who looked and who changed", "/access")
	add(access.HearCorrection, "Corrections and objections", "/corrections")
	add(access.HandleSubjectAccess, "Requests to see this record", "/subject-access")
	add(access.DecideRetention, "How long this record is kept", "/retention")
	return links
}

// lessLinks lead to where the child had less than a full week at school.
func (v showView) lessLinks() []ui.Link {
	links := []ui.Link{{Text: "Reduced timetables", Href: v.Path + "/timetables"}, {Text: "Alternative provision", Href: v.Path + "/provision"}}
	if v.Can(access.SeePlaceSearch) {
		links = append(links, ui.Link{Text: "School place", Href: v.Path + "/school-place"})
	}
	if v.Can(access.SeeLostDays) {
		links = append(links, ui.Link{Text: "Days of education lost", Href: v.Path + "/lost"})
	}
	return links
}

func (v showView) education() []ui.SummaryRow {
	rows := []ui.SummaryRow{}
	for _, roll := range v.Record.Rolls {
		if !roll.Open() {
			continue
		}
		key := "School"
		if roll.Kind == "dual" {
			key = "Second school"
		}
		rows = append(rows, ui.SummaryRow{Key: key, Value: roll.School, Source: &ui.SourceProps{From: "Since " + roll.Start.Words() + ", " + sourceWords(roll.Source)}})
	}
	if len(rows) == 0 {
		rows = append(rows, ui.SummaryRow{Key: "School", Value: "No school place"})
	}
	sen := ui.SummaryRow{Key: "Special educational needs"}
	if v.Record.SEN != nil {
		sen.Value = child.SENStatusName(v.Record.SEN.Status)
		if v.Record.SEN.PrimaryNeed != "" {
			sen.Value += " (" + v.Record.SEN.PrimaryNeed + ")"
		}
		sen.Source = &ui.SourceProps{From: "Since " + v.Record.SEN.Since.Words() + ", " + sourceWords(v.Record.SEN.Source)}
	}
	upn := ui.SummaryRow{Key: "UPN", Value: v.Record.UPN}
	if _, quality, words := child.CheckUPN(v.Record.UPN); v.Record.UPN != "" && quality != "valid" {
		upn.Source = &ui.SourceProps{From: words}
	}
	return append(rows, sen, upn, ui.SummaryRow{Key: "903 identifier", Value: v.Record.LAChildID})
}

func (v showView) people() []ui.SummaryRow {
	rows := workerRows(v.Record.Workers)
	for _, teacher := range v.Record.Teachers {
		post := "Designated teacher"
		if teacher.Post == "colleague" {
			post = "School colleague"
		}
		rows = append(rows, ui.SummaryRow{Key: post, Value: teacher.Name + ", " + teacher.School})
	}
	return rows
}

// stays is a history in words, newest first.
func stays(list []child.Stay, label func(child.Stay) string) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, stay := range list {
		until := "now"
		if !stay.End.IsZero() {
			until = stay.End.Short()
		}
		rows = append(rows, ui.SummaryRow{Key: fmt.Sprintf("%s to %s", stay.Start.Short(), until), Value: label(stay)})
	}
	return rows
}

func legalLabel(stay child.Stay) string { return returncode.Label("LS", stay.Code) }

func placementLabel(stay child.Stay) string {
	text := returncode.Label("PLACE", stay.Code)
	if stay.Detail != "" {
		text += ", " + stay.Detail
	}
	return text
}

func careLabel(stay child.Stay) string {
	if stay.End.IsZero() {
		return "In care"
	}
	return "In care; ended: " + returncode.Label("REC", stay.Code)
}

func sourceWords(source string) string {
	switch source {
	case "903":
		return "from the 903 return"
	case "entered":
		return "entered here"
	case "roll":
		return "from a roll file"
	case "seed":
		return "made up for the demonstration"
	}
	return "from " + source
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// beside is what stands beside the record: what was decided of what somebody said is wrong, and what is not
// to be used now.
func (v showView) beside() []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, one := range v.Corrections {
		row := ui.SummaryRow{Key: one.Part(), Component: ui.Prose(one.Note), Actions: []ui.Link{{Text: "Read", Hidden: "what was said", Href: v.Path + "/corrections/" + number(one.ID)}}}
		switch {
		case one.Decided():
			row.Source = &ui.SourceProps{From: "Decided by " + one.DecidedByName + ", " + calendar.Of(*one.DecidedAt).Words()}
		case one.Stops():
			row.Component = ui.Text("Its use is stopped while it is looked into.")
		default:
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

package peps

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/meeting"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// roomView is the screen that everyone at a meeting looks at. It shows nothing that anyone there may
// not see: no wish that the child keeps to few, and no other child's words.
type roomView struct {
	partView
	People   []meeting.Person
	LastTime []pep.Attendee
	Wishes   []voice.Wish // open, and those answered meanwhile that somebody was answering here
	Asked    []premium.Request
	MayAsk   bool
	Next     calendar.Date // suggested; zero: the rules ask for none
	NextDue  pep.Explanation
	Carried  map[int64]pep.Carried
	Advice   advice
	Overlaps pep.Collisions
}

func (p *Pages) room(w http.ResponseWriter, r *http.Request) error {
	return p.showRoom(w, r, nil, nil, "")
}

func (p *Pages) showRoom(w http.ResponseWriter, r *http.Request, form *kit.Form, overlaps pep.Collisions, words string) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	actor := kit.Actor(r)
	v := roomView{MayAsk: access.Can(actor, access.AskPremium), Overlaps: overlaps}
	var facts *pep.FactsRow
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	var texts []string
	if form != nil {
		texts = textsOf(under(form, "targets"))
	}
	rules := queueAdvice(&batch, ref, actor, texts)
	meeting.QueuePeople(&batch, &v.People, ref)
	meeting.QueueLastAttendees(&batch, &v.LastTime, ref)
	pep.QueueFactsOf(&batch, &facts, ref.ChildID)
	setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	v.partView, err = p.open(r, partForm{
		Part: pep.PartRoom,
		Fill: func(part partView, form *kit.Form) {
			v.partView = part
			v.suggest(facts, pep.CalendarOf(dates), pep.DeadlinesOf(values))
			v.Wishes = v.heard(rules, nil)
			fillRoom(form, v)
		},
		Against: func(part partView, form *kit.Form) *pep.Collision {
			countRows(form)
			return against(part.Whole, readRoom(form))
		},
	}, form, trouble{Words: words}, &batch)
	if err != nil {
		return err
	}
	if v.Form == nil {
		return p.showPart(w, r, v.partView, roomRead(v.partView))
	}
	if v.Draft != nil {
		countRows(v.Form)
	}
	v.suggest(facts, pep.CalendarOf(dates), pep.DeadlinesOf(values))
	v.Carried, v.Wishes = rules.carried(), v.heard(rules, v.Form)
	for _, request := range rules.requests {
		if slices.ContainsFunc(v.Whole.Targets, func(t pep.Target) bool { return t.ID == request.TargetID }) {
			v.Asked = append(v.Asked, request)
		}
	}
	v.Advice = adviseOn(under(v.Form, "targets"), rules.context(v.Strip.Name, v.Whole, nextIn(v.Form)))
	status := v.Trouble.status()
	if len(overlaps) > 0 {
		status = http.StatusConflict
	}
	return p.Kit.Show(w, r, kit.Page{Title: "PEP meeting", Back: v.Path, Form: v.Form, Status: status, Wide: true}, roomPage(v))
}

// suggest works out when to meet next: after this meeting, held on its day or today.
func (v *roomView) suggest(facts *pep.FactsRow, cal pep.Calendar, d pep.Deadlines) {
	if facts == nil {
		return
	}
	held := v.Whole.Plan.MeetingOn
	if held.IsZero() {
		held = v.Today
	}
	v.Next, v.NextDue, _ = facts.Facts().NextMeeting(held, cal, d)
}

// heard are the wishes to be answered in the room, with those that the form answers in any case.
func (v roomView) heard(rules *adviceFacts, form *kit.Form) (wishes []voice.Wish) {
	for _, wish := range rules.heard() {
		if wish.Answerable() || form != nil && answersWish(form, wish.ID) {
			wishes = append(wishes, wish)
		}
	}
	return wishes
}

// answersWish says whether anything was typed beside a wish.
func answersWish(form *kit.Form, id int64) bool {
	for _, field := range []string{"kind-%d", "answer-%d", "by-%d-day", "by-%d-month", "by-%d-year"} {
		if form.Value("wishes-"+fmt.Sprintf(field, id)) != "" {
			return true
		}
	}
	return false
}

// against compares what was typed in the room with what is saved.
func against(whole pep.Whole, m written) *pep.Collision {
	var all *pep.Collision
	for _, one := range m.Parts() {
		differs := whole.Against(one)
		switch {
		case differs == nil:
		case all == nil:
			all = differs
			all.Part = pep.PartRoom
		default:
			all.Differences = append(all.Differences, differs.Differences...)
		}
	}
	if all == nil && len(m.Money)+len(m.Answers)+len(m.Wishes) > 0 {
		all = &pep.Collision{Part: pep.PartRoom}
	}
	return all
}

func (p *Pages) saveRoom(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	countRows(form)
	if add := form.Value("add"); add != "" {
		p.keep(r, draftOf(pep.PartRoom, form))
		growRows(form, add)
		form.Renew()
		return p.showRoom(w, r, form, nil, "")
	}
	typed := draftOf(pep.PartRoom, form)
	m := readRoom(form)
	if err = form.Err(); err == nil {
		err = m.placed(p.Meetings.Save(r.Context(), kit.Actor(r), ref, m.Minutes))
	}
	var overlaps pep.Collisions
	switch {
	case err == nil:
		return p.Kit.Done(w, r, planPath(ref)+"/agreed", "The meeting is written down")
	case form.Refuses(err):
		p.keep(r, typed)
		return p.showRoom(w, r, form, nil, "")
	case errors.As(err, &overlaps):
		for _, one := range overlaps {
			form.Set(string(one.Part)+"-version", fmt.Sprint(one.Version))
		}
		form.Renew()
		p.keep(r, typed)
		return p.showRoom(w, r, form, overlaps, "")
	case errors.Is(err, fault.KindConflict):
		form.Renew()
		p.keep(r, typed)
		return p.showRoom(w, r, form, nil, fault.Words(err))
	}
	return err
}

// agenda leads to the sections of the page, in the order of a meeting.
func (v roomView) agenda() []ui.NavItem {
	items := []ui.NavItem{{Text: "The child first", Href: "#child"}}
	if v.Whole.Last != nil {
		items = append(items, ui.NavItem{Text: "Last time", Href: "#last"})
	}
	items = append(items, ui.NavItem{Text: "Wishes", Href: "#wishes"}, ui.NavItem{Text: "Targets", Href: "#targets"}, ui.NavItem{Text: "Actions", Href: "#actions"})
	if v.showsMoney() {
		items = append(items, ui.NavItem{Text: "Money", Href: "#money"})
	}
	return append(items, ui.NavItem{Text: "Who is here, and when next", Href: "#people"})
}

// showsMoney says whether the lines of money are there: for those who may ask, and for whoever has
// typed in them all the same.
func (v roomView) showsMoney() bool {
	return v.MayAsk || v.Form != nil && !blank(under(v.Form, "money"), 0, "purpose", "difference", "amount", "owner")
}

// targetOptions are the targets that a line of money can serve: those of the page, by their rows.
func (v roomView) targetOptions() []ui.Option {
	part := under(v.Form, "targets")
	var options []ui.Option
	for n := range rowsOf(part) {
		text := fmt.Sprintf("Target %d", n+1)
		if what := []rune(part.Value(kit.Row("what", n))); len(what) > 0 {
			text += ": " + string(what[:min(len(what), 60)])
		}
		options = append(options, ui.Option{Value: fmt.Sprint(n + 1), Text: text})
	}
	return options
}

// nextHint explains the day that is suggested for the next meeting.
func (v roomView) nextHint() string {
	if v.Next.IsZero() {
		return "The rules ask for no further meeting."
	}
	return "Suggested: " + v.Next.WordsWithDay() + ". By the rule it is " + v.NextDue.Words(v.Today) + "."
}

// carriedWords says how long a target of last time has been worked on.
func (v roomView) carriedWords(target pep.Target) string { return v.Carried[target.ID].Words() }

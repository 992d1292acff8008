package suspensions

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// partView is the form of one part of what is kept about a suspension.
type partView struct {
	eventView
	Conflict bool
	Body     bodyView // of a meeting
}

// showPart shows a part's form, empty or prefilled by fill when form is nil, to those who may change the event.
func (p *Pages) showPart(w http.ResponseWriter, r *http.Request, title string, form *kit.Form, conflict bool, fill func(*partView) error, part func(partView) templ.Component) error {
	loaded, err := p.loadEvent(r, "suspension form")
	if err != nil {
		return err
	}
	if !loaded.Mine {
		return fault.Forbidden("This was recorded by another school.")
	}
	view := partView{eventView: loaded, Conflict: conflict}
	view.Form = kit.NewForm(nil)
	if err := fill(&view); err != nil {
		return err
	}
	if form != nil {
		version := view.Form.Version()
		if view.Form = form; conflict {
			form.Overtaken(version)
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: title, Form: view.Form, Back: view.Path}, partPage(title, view, part(view)))
}

// save answers a part's form: with the form again when something is to be put right, else with the event's page.
func (p *Pages) save(w http.ResponseWriter, r *http.Request, act func(form *kit.Form, eventID int64) error, again func(form *kit.Form, conflict bool) error, words string) error {
	id, err := kit.PathID(r, "suspensionID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	err = act(form, id)
	if problems := form.Err(); problems != nil {
		err = problems
	}
	switch {
	case form.Refuses(err):
		return again(form, false)
	case errors.Is(err, fault.KindConflict):
		return again(form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, eventPath(r, id), words)
}

func (p *Pages) told(w http.ResponseWriter, r *http.Request) error {
	return p.showTold(w, r, nil, false)
}

func (p *Pages) showTold(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	return p.showPart(w, r, "Who was told", form, conflict, func(v *partView) error {
		for party, on := range suspension.ToldOf(v.File.Notices, v.about()) {
			v.Form.SetDate("told-"+string(party), on)
		}
		return nil
	}, toldForm)
}

// about is what people are told now: that it was cancelled, once it was.
func (v eventView) about() suspension.About {
	if v.File.Event.State == suspension.Cancelled {
		return suspension.AboutEnding
	}
	return suspension.AboutSuspension
}

func (p *Pages) saveTold(w http.ResponseWriter, r *http.Request) error {
	return p.save(w, r, func(form *kit.Form, id int64) error {
		told := readTold(form, kit.Actor(r))
		about := suspension.About(form.Value("about"))
		if about != suspension.AboutSuspension && about != suspension.AboutEnding {
			return fault.Invalid("", "The form did not come whole. Look at the days below and save again.")
		}
		if form.Err() != nil {
			return nil
		}
		return p.Suspensions.SayTold(r.Context(), kit.Actor(r), kit.ChildID(r), id, about, told)
	}, func(form *kit.Form, conflict bool) error { return p.showTold(w, r, form, conflict) }, "Who was told is recorded.")
}

func (p *Pages) education(w http.ResponseWriter, r *http.Request) error {
	return p.showEducation(w, r, nil, false)
}

func (p *Pages) showEducation(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	return p.showPart(w, r, "Education while out of school", form, conflict, func(v *partView) error {
		v.Form.SetDate("from", v.File.Event.StartsOn)
		return nil
	}, educationForm)
}

func (p *Pages) saveEducation(w http.ResponseWriter, r *http.Request) error {
	return p.save(w, r, func(form *kit.Form, id int64) error {
		education := suspension.Education{StartsOn: form.Date("from", "The day it begins"), Kind: suspension.EducationKind(form.Choice("education", "How the child is taught", educationValues()...)),
			FullTime: form.Checked("full_time", "yes"), Words: form.Text("where", "Where and how much", 1000)}
		if form.Err() != nil {
			return nil
		}
		return p.Suspensions.Arrange(r.Context(), kit.Actor(r), kit.ChildID(r), id, education)
	}, func(form *kit.Form, conflict bool) error { return p.showEducation(w, r, form, conflict) }, "What is arranged is recorded.")
}

func (p *Pages) removeEducation(w http.ResponseWriter, r *http.Request) error {
	return p.save(w, r, func(form *kit.Form, id int64) error {
		if form.ID("education") == 0 {
			return fault.Invalid("", "Choose what is removed")
		}
		return p.Suspensions.TakeBack(r.Context(), kit.Actor(r), kit.ChildID(r), id, form.ID("education"))
	}, func(form *kit.Form, _ bool) error { return p.showEvent(w, r, form) }, "It is removed.")
}

func (p *Pages) considered(w http.ResponseWriter, r *http.Request) error {
	return p.showConsidered(w, r, nil, false)
}

func (p *Pages) showConsidered(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	body := bodyOf(r)
	return p.showPart(w, r, body.Name(), form, conflict, func(v *partView) error {
		bodies := v.bodies()
		n := slices.IndexFunc(bodies, func(b bodyView) bool { return b.Body == body })
		if n < 0 {
			return fault.NotFound()
		}
		v.Body = bodies[n]
		c := v.Body.Considered
		if c == nil {
			return nil
		}
		v.Form.SetDate("asked", c.AskedOn)
		v.Form.SetDate("meets", c.MeetsOn)
		v.Form.SetDate("decided", c.DecidedOn)
		v.Form.SetDate("letter", c.LetterOn)
		v.Form.Set("attending", c.Attending)
		v.Form.Set("outcome", string(c.Outcome))
		v.Form.Set("words", c.Words)
		if c.Outcome == suspension.Reinstate {
			v.Form.Set("served", strconv.Itoa(c.Served))
		}
		v.Form.SetVersion(c.Version)
		return nil
	}, consideredForm)
}

// meetingBy is until when the body meets, and by which rule; empty where no rule gives a day.
func (v partView) meetingBy() string {
	kind := map[suspension.Body]suspension.StepKind{suspension.GoverningBoard: suspension.StepBoard, suspension.ReviewPanel: suspension.StepPanel, suspension.BoardAgain: suspension.StepAgain}[v.Body.Body]
	for _, step := range v.steps() {
		if step.Kind == kind && !step.Due.IsZero() {
			return "By " + step.Due.WordsWithDay() + ". " + step.Because
		}
	}
	return ""
}

// bodyOf is the body in the address; one that is not known has no name.
func bodyOf(r *http.Request) suspension.Body {
	return suspension.Body(strings.ReplaceAll(r.PathValue("body"), "-", "_"))
}

func (p *Pages) saveConsidered(w http.ResponseWriter, r *http.Request) error {
	body := bodyOf(r)
	return p.save(w, r, func(form *kit.Form, id int64) error {
		meeting := suspension.Meeting{AskedOn: form.OptionalDate("asked", "The day they asked"), MeetsOn: form.OptionalDate("meets", "The day of the meeting"),
			Attending: form.Text("attending", "Who attends", 1000), Outcome: suspension.Outcome(form.OptionalChoice("outcome", "The decision", outcomeValues(body)...)),
			DecidedOn: form.OptionalDate("decided", "The day of the decision"), LetterOn: form.OptionalDate("letter", "The day of the letter"),
			Words: form.Text("words", "Notes", suspension.NoteLimit)}
		if meeting.Outcome == suspension.Reinstate {
			meeting.Served = form.Number("served", "Half-days out of school", 0, 400)
		}
		if form.Err() != nil {
			return nil
		}
		return p.Suspensions.Consider(r.Context(), kit.Actor(r), kit.ChildID(r), id, body, form.Version(), meeting)
	}, func(form *kit.Form, conflict bool) error { return p.showConsidered(w, r, form, conflict) }, "The meeting is recorded.")
}

func outcomeValues(body suspension.Body) (values []string) {
	for _, one := range body.Outcomes() {
		values = append(values, string(one))
	}
	return values
}

func outcomeOptions(body suspension.Body) (options []ui.Option) {
	for _, one := range body.Outcomes() {
		options = append(options, ui.Option{Value: string(one), Text: one.Name()})
	}
	return options
}

func (p *Pages) cancel(w http.ResponseWriter, r *http.Request) error {
	return p.showCancel(w, r, nil, false)
}

func (p *Pages) showCancel(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	return p.showPart(w, r, "Record that it was cancelled", form, conflict, func(v *partView) error {
		v.Form.SetDate("ended", v.Today)
		v.Form.SetVersion(v.File.Event.Version)
		return nil
	}, cancelForm)
}

func (p *Pages) saveCancel(w http.ResponseWriter, r *http.Request) error {
	return p.save(w, r, func(form *kit.Form, id int64) error {
		ending := suspension.Ending{On: form.Date("ended", "The day it was cancelled"), Served: form.Number("served", "Half-days out of school", 0, 400),
			Because: form.Required("because", "Why it was cancelled", suspension.NoteLimit), Told: readTold(form, kit.Actor(r))}
		if form.Err() != nil {
			return nil
		}
		return p.Suspensions.Cancel(r.Context(), kit.Actor(r), kit.ChildID(r), id, form.Version(), ending)
	}, func(form *kit.Form, conflict bool) error { return p.showCancel(w, r, form, conflict) }, "It is recorded as cancelled. The same people are told.")
}

func (p *Pages) returning(w http.ResponseWriter, r *http.Request) error {
	return p.showReturning(w, r, nil, false)
}

func (p *Pages) showReturning(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	return p.showPart(w, r, "Meeting to welcome the child back", form, conflict, func(v *partView) error {
		on := v.File.Event.ReturnMeetingOn
		if back, _, known := suspension.Back(v.File.Event, v.Calendar.SchoolDays()); on.IsZero() && known {
			on = back
		}
		v.Form.SetDate("return", on)
		return nil
	}, returnForm)
}

func (p *Pages) saveReturning(w http.ResponseWriter, r *http.Request) error {
	return p.save(w, r, func(form *kit.Form, id int64) error {
		var on calendar.Date
		if on = form.Date("return", "The day of the meeting"); form.Err() != nil {
			return nil
		}
		return p.Suspensions.SetReturn(r.Context(), kit.Actor(r), kit.ChildID(r), id, on)
	}, func(form *kit.Form, conflict bool) error { return p.showReturning(w, r, form, conflict) }, "The meeting is recorded.")
}

func (p *Pages) letter(w http.ResponseWriter, r *http.Request) error {
	return p.showLetter(w, r, nil, false)
}

func (p *Pages) showLetter(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	return p.showPart(w, r, "Add a paper", form, conflict, func(*partView) error { return nil }, letterForm)
}

func (p *Pages) saveLetter(w http.ResponseWriter, r *http.Request) error {
	return p.save(w, r, func(_ *kit.Form, id int64) error {
		letter, err := readLetter(r)
		if err != nil {
			return err
		}
		if letter == nil {
			return fault.Invalid("file", "Choose a file")
		}
		return p.Suspensions.AddLetter(r.Context(), kit.Actor(r), kit.ChildID(r), id, *letter)
	}, func(form *kit.Form, conflict bool) error { return p.showLetter(w, r, form, conflict) }, "The paper is kept.")
}
